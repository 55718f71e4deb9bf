package heed.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.model.Model;
import heed.model.Models;
import heed.model.Recording;
import heed.pass.Point;
import heed.pass.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `docs/tour.md` says what the model computes and where. After a change that moves lines or numbers,
/// `./mvnw test -pl examples -am -Dtest=TourTest -Dsurefire.failIfNoSpecifiedTests=false -Dheed.tour=write` writes both
/// anew.
class TourTest {
    private static final Path EN_KN = Path.of("../models/en-kn");
    private static final String SENTENCE = "my name is aj";
    private static final Path DOCS = Path.of("../docs");
    private static final Path PAGE = DOCS.resolve("tour.md");
    private static final Pattern FIGURE = Pattern.compile("```text (\\w+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\[`([^`]+)`]\\((\\.\\./[\\w/.-]+\\.java)#L(\\d+)\\)");

    /// Other processors round the last digit otherwise.
    private static final double TOLERANCE = 0.0015;

    private static String page = "";
    private static Map<String, String> figures = Map.of();

    @BeforeAll
    static void follow() throws IOException {
        try (Model model = Models.open(EN_KN)) {
            figures = Tour.of(model, SENTENCE);
        }
        page = Files.readString(PAGE);
        if ("write".equals(System.getProperty("heed.tour"))) {
            page = withLines(withFigures(page));
            Files.writeString(PAGE, page);
        }
    }

    @Test
    void everyNumberIsWhatTheModelComputes() {
        List<MatchResult> blocks = FIGURE.matcher(page).results().toList();
        assertThat(blocks.stream().map(block -> block.group(1))).containsExactlyInAnyOrderElementsOf(figures.keySet());
        for (MatchResult block : blocks) {
            assertAlike(block.group(1), block.group(2), figures.getOrDefault(block.group(1), ""));
        }
    }

    @Test
    void everyLinkLeadsToTheLineThatItQuotes() throws IOException {
        List<MatchResult> links = LINK.matcher(page).results().toList();
        assertThat(links).hasSizeGreaterThan(20);
        assertThat(Pattern.compile("\\.java\\b").matcher(page).results().count())
                .as("with the program in the first block, links of another form escape this test")
                .isEqualTo(links.size() + 1);
        for (MatchResult link : links) {
            List<String> lines = Files.readAllLines(DOCS.resolve(link.group(2)));
            int line = Integer.parseInt(link.group(3));
            assertThat(lines).as(link.group()).hasSizeGreaterThanOrEqualTo(line);
            assertThat(lines.get(line - 1)).as(link.group()).contains(link.group(1));
        }
    }

    /// The tour does the first layer step by step; the model does it at once.
    @Test
    void theStepsOfTheTourEndWhereTheLayerEnds() {
        Recording recording = Recording.of(Point.HIDDEN);
        try (Model model = Models.open(EN_KN)) {
            model.run(
                    recording,
                    pass -> model.network()
                            .encode(Model.batchOf(model.encode(SENTENCE, null)), pass)
                            .size(0));
        }
        float[] layer = recording.at(Site.encoder(0), Point.HIDDEN).part(0).toArray();
        List<String> shown = words(figures.getOrDefault("layer", ""));
        assertThat(shown.getFirst()).isEqualTo("▁my");
        for (int column = 0; column < 6; column++) {
            assertThat(Double.parseDouble(shown.get(column + 1))).isCloseTo(layer[column], within(TOLERANCE));
        }
    }

    private static void assertAlike(String name, String shown, String computed) {
        List<String> words = words(shown);
        List<String> expected = words(computed);
        assertThat(words).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < words.size(); i++) {
            if (expected.get(i).matches("-?\\d+\\.\\d+")) {
                assertThat(Double.parseDouble(words.get(i)))
                        .as(name)
                        .isCloseTo(Double.parseDouble(expected.get(i)), within(TOLERANCE));
            } else {
                assertThat(words.get(i)).as(name).isEqualTo(expected.get(i));
            }
        }
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    private static String withFigures(String page) {
        return FIGURE.matcher(page)
                .replaceAll(block -> Matcher.quoteReplacement(
                        "```text " + block.group(1) + "\n" + figures.getOrDefault(block.group(1), "") + "\n```"));
    }

    private static String withLines(String page) throws IOException {
        StringBuilder written = new StringBuilder();
        int from = 0;
        for (MatchResult link : LINK.matcher(page).results().toList()) {
            written.append(page, from, link.start(3)).append(line(link.group(2), link.group(1)));
            from = link.end(3);
        }
        return written.append(page.substring(from)).toString();
    }

    /// The one line of a file that has the code, from 1; of a type, the line that declares it.
    private static int line(String file, String code) throws IOException {
        List<String> lines = Files.readAllLines(DOCS.resolve(file));
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(code)
                    && (!code.matches("\\w+") || lines.get(i).matches("(public )?(final )?(class|record) .*"))) {
                found.add(i + 1);
            }
        }
        assertThat(found).as("lines of %s with %s", file, code).hasSize(1);
        return found.getFirst();
    }
}
