package heed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/lecture-map.md` names classes and methods that exist.
class LectureMapTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern LINK =
            Pattern.compile("\\[`(\\w+)(?:\\.(\\w+))?`]\\((\\.\\./[\\w-]+/src/main/java/([\\w/]+)\\.java)\\)");

    @Test
    void everyLinkLeadsToTheClassAndTheMemberThatItNames() throws IOException, ClassNotFoundException {
        List<MatchResult> links = links();
        assertThat(links).hasSizeGreaterThan(60);
        for (MatchResult link : links) {
            assertThat(DOCS.resolve(link.group(3))).exists();
            Class<?> type = Class.forName(link.group(4).replace('/', '.'));
            assertThat(type.getSimpleName()).isEqualTo(link.group(1));
            if (link.group(2) != null) {
                assertThat(members(type)).as(link.group()).contains(link.group(2));
            }
        }
    }

    /// A link in another form would escape the test.
    @Test
    void everyLinkToCodeIsOfThatForm() throws IOException {
        String map = Files.readString(DOCS.resolve("lecture-map.md"));
        assertThat(Pattern.compile("\\.java\\)").matcher(map).results().count()).isEqualTo(links().size());
    }

    private static List<MatchResult> links() throws IOException {
        return LINK.matcher(Files.readString(DOCS.resolve("lecture-map.md")))
                .results()
                .toList();
    }

    private static Stream<String> members(Class<?> type) {
        return Stream.concat(
                Stream.<Member[]>of(type.getDeclaredMethods(), type.getDeclaredFields())
                        .flatMap(Arrays::stream)
                        .map(Member::getName),
                Arrays.stream(type.getDeclaredClasses()).map(Class::getSimpleName));
    }
}
