package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `heed translate` on a tiny MarianMT of random numbers, which translates nothing but always answers.
@NullMarked
class TranslateTest {
    private static final String MODEL = "../heed-models/src/test/resources/golden/generation/marian";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static HeedRun translate(String... arguments) {
        String[] all = new String[arguments.length + 5];
        System.arraycopy(new String[] {"translate", "--model", MODEL, "--max-new-tokens", "5"}, 0, all, 0, 5);
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        return HeedRun.heed(all);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static void assertRefused(HeedRun result, String reason) {
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("heed: ").contains(reason).doesNotContain("\tat ");
        assertThat(result.err().strip().lines()).hasSize(1);
    }

    @Test
    void thereAreAsManyLinesAsThereWereAndEmptyOnesStayEmpty() throws IOException {
        String texts = file("a.txt", "the cat\n\nthe " + "house ".repeat(300) + "\n \na dog\n");
        HeedRun result = translate(texts);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines())
                .extracting(line -> line.get("source").asString())
                .hasSize(5);
        assertThat(result.lines().get(1).toString()).isEqualTo("{\"source\":\"\",\"translation\":\"\",\"score\":0.0}");
        assertThat(result.lines().get(2).get("translation").asString().split(" ").length)
                .isGreaterThan(5);
        HeedRun text = translate("--format", "text", texts);
        assertThat(text.out().lines()).hasSize(5);
        assertThat(text.out().lines().toList().get(3)).isEmpty();
        assertThat(translate(file("none.txt", "")).out()).isEmpty();
    }

    @Test
    void aTextCanBeGivenInPlaceOfAFile() throws IOException {
        assertThat(translate("the cat").out())
                .isEqualTo(translate(file("a.txt", "the cat\n")).out());
    }

    @Test
    void alternativesAndAlignmentsComeOnRequest() {
        JsonNode line = translate("--beams", "3", "--sequences", "3", "--align", "the small cat")
                .lines()
                .getFirst();
        assertThat(line.get("alternatives")).hasSize(2);
        assertThat(line.get("alternatives").get(0).get("score").asDouble())
                .isLessThanOrEqualTo(line.get("score").asDouble());
        String[] words = line.get("translation").asString().split(" ");
        assertThat(line.get("alignment")).hasSize(words.length);
        for (int i = 0; i < words.length; i++) {
            JsonNode link = line.get("alignment").get(i);
            assertThat(link.get("target").asString()).isEqualTo(words[i]);
            assertThat(link.get("source").asString()).isIn("the", "small", "cat");
            assertThat(link.get("weight").asDouble()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void aCatalogueIsFilledAndWhatIsFilledInIsFuzzy() throws IOException {
        String po = file("in.po", """
                # by hand
                msgid ""
                msgstr "Content-Type: text/plain; charset=UTF-8\\n"

                msgid "the cat"
                msgstr "die Katze"

                #, c-format
                msgctxt "animals"
                msgid "_the dog:"
                msgid_plural "dogs\\n"
                msgstr[0] ""
                msgstr[1] ""
                """);
        Path out = folder.resolve("out.po");
        HeedRun result = translate("--po", po, "--out", out.toString());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
        List<String> lines = Files.readAllLines(out);
        assertThat(lines.subList(0, 11))
                .isEqualTo(Files.readString(Path.of(po))
                        .replace("#, c-format", "#, fuzzy, c-format")
                        .lines()
                        .toList()
                        .subList(0, 11));
        assertThat(lines.get(11)).matches("msgstr\\[0] \".+ \\(_T\\).*\"");
        assertThat(lines.get(12)).matches("msgstr\\[1] \".+\\\\n\"");
        assertThat(lines).hasSize(13);
    }

    @Test
    void aScriptThatTheVocabularyLacksIsNamed() throws IOException {
        HeedRun result = translate(file("a.txt", "the cat\n\nдом и сад\nthe дом, 猫\n"));
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.lines().get(0).has("unknown_scripts")).isFalse();
        assertThat(result.lines().get(2).get("unknown_scripts").toString()).isEqualTo("[\"Cyrillic\"]");
        assertThat(result.lines().get(3).get("unknown_scripts").toString()).isEqualTo("[\"Cyrillic\",\"Han\"]");
        assertThat(result.err())
                .contains("heed: the model's vocabulary has no letters of Cyrillic, Han: what it says of 2 lines,"
                        + " the first is 3, is worth nothing");
        assertThat(translate(file("b.txt", "the cat, 1 + 1 = 2\n")).err()).doesNotContain("letters");
    }

    @Test
    void whatCannotBeReadIsRefusedInOneLine() throws IOException {
        Path latin = Files.writeString(folder.resolve("l.txt"), "gr\u00FCn\n", StandardCharsets.ISO_8859_1);
        assertRefused(translate(latin.toString()), "is not UTF-8 after line 0");
        assertRefused(translate("nothing.txt"), "there is no file nothing.txt");
        String out = folder.resolve("out.po").toString();
        assertRefused(
                translate("--po", file("bad.po", "msgid \"open\nmsgstr \"\"\n"), "--out", out),
                "bad.po, line 1 has no string between quotation marks");
        assertRefused(translate("--po", folder.resolve("no.po").toString(), "--out", out), "there is no such file");
        assertThat(translate("--po", file("a.po", "")).status()).isEqualTo(2);
    }
}
