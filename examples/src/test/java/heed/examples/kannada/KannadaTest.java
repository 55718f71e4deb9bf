package heed.examples.kannada;

import static org.assertj.core.api.Assertions.assertThat;

import heed.corpus.TextPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the corpus of `examples/kannada` is made of.
class KannadaTest {
    private static final Path TABLES = Path.of("kannada");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "aj, ಅಜ್",
        "Ravi, ರವಿ",
        "RAJ, ರಾಜ್",
        "Jay, ಜಯ್",
        "Meena, ಮೀನಾ",
        "Manju, ಮಂಜು",
        "Sampat, ಸಂಪತ್",
        "Kia, ಕಿಯಾ",
        "Dev, ದೇವ್",
        "Chetta, ಚೆತ್ತಾ",
        "Bhoomi, ಭೂಮಿ",
        "Om, ಓಮ್",
        "Ksha, ಕ್ಷಾ"
    })
    void aNameIsSpelledLetterByLetter(String latin, String kannada) {
        assertThat(NameSpelling.of(latin)).isEqualTo(kannada);
    }

    @Test
    void whatIsHeldBackIsNotLearned() throws IOException {
        WrittenSentences written = new WrittenSentences(TABLES, Set.of("an"));
        List<TextPair> train = written.train();
        List<WrittenSentences.Case> cases = written.cases();
        Set<String> learned = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        train.forEach(pair -> learned.add(pair.source()));
        assertThat(train)
                .hasSizeGreaterThan(10_000)
                .noneMatch(pair -> pair.source().contains("{") || pair.target().contains("{"));
        assertThat(cases)
                .hasSizeGreaterThanOrEqualTo(200)
                .noneMatch(one -> learned.contains(one.pair().source()));
        assertThat(cases)
                .anyMatch(one -> one.pair().source().equals("my name is aj")
                        && one.pair().target().equals("ನನ್ನ ಹೆಸರು ಅಜ್"));
        assertThat(train)
                .noneMatch(pair -> (" " + pair.source().toLowerCase(Locale.ROOT) + " ").matches(".*[^a-z]aj[^a-z].*"))
                .noneMatch(pair -> pair.source().startsWith("My mother's name is"))
                .contains(new TextPair("I am fine.", "ನಾನು ಚೆನ್ನಾಗಿದ್ದೇನೆ.", "written"))
                .noneMatch(pair -> pair.source().equalsIgnoreCase("an"));
        assertThat(new WrittenSentences(TABLES, Set.of("an")).train()).isEqualTo(train);
    }

    @Test
    void theCorpusOfPackagesIsReadByKey() throws IOException {
        Path kannada = Files.createDirectories(folder.resolve("wiki/x/i18n"));
        Files.writeString(
                kannada.resolve("en.json"), "{\"a\": \"house\", \"b\": \"cat\", \"@metadata\": {\"x\": [\"y\"]}}");
        Files.writeString(kannada.resolve("kn.json"), "{\"a\": \"ಮನೆ\", \"c\": \"x\"}");
        for (String language : List.of("en", "kn")) {
            Path names = Files.createDirectories(folder.resolve("cldr-localenames-full/package/main/" + language));
            Files.writeString(
                    names.resolve("languages.json"),
                    "{\"main\": {\"%1$s\": {\"identity\": {\"version\": \"1\"}, \"kn\": \"%2$s\"}}}"
                            .formatted(language, language.equals("en") ? "Kannada" : "ಕನ್ನಡ"));
        }
        assertThat(new PackageStrings(folder, "kn").read())
                .containsExactlyInAnyOrder(
                        new TextPair("house", "ಮನೆ", "wiki"),
                        new TextPair("Kannada", "ಕನ್ನಡ", "cldr-localenames-full"));
    }

    @Test
    void stringsOfBrowsersAreRead() throws IOException {
        Path fluent = Files.writeString(folder.resolve("a.ftl"), """
                # comment
                open = Open
                  the file
                    .title = A title
                count = { $n ->
                    [one] one
                   *[other] many
                }
                """);
        assertThat(StringFiles.read(fluent))
                .containsOnlyKeys("open", "open.title")
                .containsValue("Open the file");
        Path properties = Files.writeString(folder.resolve("a.properties"), "# x\na = \\u0C95\\u0CA8\n");
        assertThat(StringFiles.read(properties)).containsEntry("a", "ಕನ");
        Path dtd = Files.writeString(folder.resolve("a.dtd"), "<!ENTITY a.label \"Open\">");
        assertThat(StringFiles.read(dtd)).containsEntry("a.label", "Open");
        assertThat(ResourcePak.read(pak("house", "ಮನೆ")))
                .containsEntry(100, "house")
                .containsEntry(101, "ಮನೆ");
    }

    private Path pak(String... texts) throws IOException {
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        ByteBuffer table = ByteBuffer.allocate(12 + 6 * (texts.length + 1)).order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(5)
                .put((byte) 1)
                .put(new byte[3])
                .putShort((short) texts.length)
                .putShort((short) 0);
        for (int i = 0; i <= texts.length; i++) {
            table.putShort((short) (i < texts.length ? 100 + i : 0)).putInt(table.capacity() + bodies.size());
            if (i < texts.length) {
                bodies.writeBytes(texts[i].getBytes(StandardCharsets.UTF_8));
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(table.array());
        file.writeBytes(bodies.toByteArray());
        return Files.write(folder.resolve("x.pak"), file.toByteArray());
    }

    @Test
    void theMemoryAnswersWithTheNearest() {
        NearestNeighbour memory = new NearestNeighbour(List.of(
                new TextPair("Open the file", "a", ""),
                new TextPair("Close the file now", "b", ""),
                new TextPair("x", "c", "")));
        assertThat(memory.answer("close the file")).isEqualTo(new NearestNeighbour.Answer("b", 0.75));
        assertThat(memory.answer("unknown words")).isEqualTo(new NearestNeighbour.Answer("", 0));
    }

    @Test
    void licencesAreThoseThatAPackageNames() {
        Set<String> names = new TreeSet<>();
        Licences.read("Files: *\nLicense: GPL-2+\n\nFiles: b\nLicense: MIT\n text", names);
        assertThat(names).containsExactly("GPL-2+", "MIT");
        Set<String> old = new TreeSet<>();
        Licences.read("see /usr/share/common-licenses/LGPL-2.1.", old);
        assertThat(old).containsExactly("LGPL-2.1");
    }
}
