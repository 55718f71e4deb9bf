package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoFileTest {
    private static final String CATALOGUE = """
            # Somebody's catalogue.
            msgid ""
            msgstr ""
            "Content-Type: text/plain; charset=ISO-8859-1\\n"
            "Plural-Forms: nplurals=2; plural=n != 1;\\n"

            #. for the menu
            #: a.c:7
            msgctxt "menu"
            msgid "_Open"
            msgstr ""

            #, c-format
            msgid "%d file"
            msgid_plural "%d files"
            msgstr[0] ""
            msgstr[1] ""

            #, fuzzy
            #| msgid "old"
            msgid "new"
            msgstr "neu"

            msgid ""
            "two\\n"
            "lines \\"here\\" \\x41\\102"
            msgstr "zwei"

            #~ msgid "gone"
            #~ msgstr "weg"
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void whatIsReadIsWrittenLineByLine() {
        PoFile read = PoFile.parse(CATALOGUE, "x.po");
        assertThat(read.text()).isEqualTo(CATALOGUE.replace("ISO-8859-1", "UTF-8"));
        assertThat(read.plurals()).isEqualTo(2);
        PoEntry open = read.entries().get(1);
        assertThat(open.context()).contains("menu");
        assertThat(open.id()).isEqualTo("_Open");
        assertThat(open.line()).isEqualTo(6);
        assertThat(open.isTranslated()).isFalse();
        assertThat(read.entries().get(2).plural()).contains("%d files");
        assertThat(read.entries().get(2).flags()).containsExactly("c-format");
        assertThat(read.entries().get(3).isFuzzy()).isTrue();
        assertThat(read.entries().get(4).id()).isEqualTo("two\nlines \"here\" AB");
        assertThat(read.entries().getLast().isText()).isFalse();
    }

    @Test
    void onlyFinishedTranslationsArePairs() {
        assertThat(PoFile.parse(CATALOGUE, "x.po").pairs("x.po"))
                .containsExactly(new TextPair("two\nlines \"here\" AB", "zwei", "x.po:23"));
        PoFile plural = PoFile.parse(
                "msgid \"file\"\nmsgid_plural \"files\"\nmsgstr[0] \"a\"\nmsgstr[1] \"b\"\nmsgstr[2] \"c\"\n", "p");
        assertThat(plural.pairs("p"))
                .containsExactly(new TextPair("file", "a", "p:1"), new TextPair("files", "c", "p:1"));
    }

    @Test
    void aMachinesTranslationIsFuzzyAndAllElseStays() {
        PoFile read = PoFile.parse(CATALOGUE, "x.po");
        PoEntry open = read.entries().get(1).machineTranslated(List.of("ತೆರೆ \"ಈಗ\"\nಇಲ್ಲಿ\n"));
        assertThat(open.lines())
                .containsExactly(
                        "",
                        "#. for the menu",
                        "#: a.c:7",
                        "#, fuzzy",
                        "msgctxt \"menu\"",
                        "msgid \"_Open\"",
                        "msgstr \"\"",
                        "\"ತೆರೆ \\\"ಈಗ\\\"\\n\"",
                        "\"ಇಲ್ಲಿ\\n\"");
        PoEntry files = read.entries().get(2).machineTranslated(List.of("%d ಕಡತ", "%d ಕಡತಗಳು"));
        assertThat(files.lines())
                .containsExactly(
                        "",
                        "#, fuzzy, c-format",
                        "msgid \"%d file\"",
                        "msgid_plural \"%d files\"",
                        "msgstr[0] \"%d ಕಡತ\"",
                        "msgstr[1] \"%d ಕಡತಗಳು\"");
        String again = String.join("\n", files.lines());
        assertThat(PoFile.parse(again, "y").entries().getFirst().translations()).containsExactly("%d ಕಡತ", "%d ಕಡತಗಳು");
        assertThat(read.entries().get(3).machineTranslated(List.of("x")).lines())
                .containsExactly("", "#, fuzzy", "#| msgid \"old\"", "msgid \"new\"", "msgstr \"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "line 2 has no string between quotation marks | `#\nmsgid \"open\n`",
                "line 1 has a string that never ends          | `msgid \"open\\\"`",
                "line 1 has a quotation mark inside           | `msgid \"a\"b\"`",
                "line 1 has \\q in a string                   | `msgid \"a\\qb\"`",
                "line 2 has a msgstr without a msgid          | `\nmsgstr \"x\"`",
                "line 1 has a msgid_plural without a msgid    | `msgid_plural \"x\"`",
                "line 2 has a second msgid                    | `msgid \"x\"\nmsgid \"y\"`",
                "line 3 has a second msgstr                   | `msgid \"x\"\nmsgstr \"y\"\nmsgstr \"z\"`",
                "line 2 has msgstr[0] for a msgid without     | `msgid \"x\"\nmsgstr[0] \"y\"`",
                "line 4 has msgstr[2] where msgstr[1] is due  | `msgid \"x\"\nmsgid_plural \"y\"\nmsgstr[0] \"a\"\nmsgstr[2] \"b\"`",
                "line 3 has msgstr where msgstr[0] is due     | `msgid \"x\"\nmsgid_plural \"y\"\nmsgstr \"a\"`",
                "line 2 has a comment or nothing              | `msgid \"x\"\n\nmsgstr \"y\"`",
                "line 1 has a string that belongs to no       | `\"x\"`",
                "line 2 is neither a comment                  | `msgid \"x\"\nmsgstring \"y\"`",
                "line 1: the file ends where a msgstr is due  | `msgid \"x\"`",
            })
    void aMistakeIsNamedWithItsLine(String message, String text) {
        assertThatThrownBy(() -> PoFile.parse(text, "bad.po"))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("bad.po, " + message);
    }

    @Test
    void theHeaderSaysTheCharset() throws IOException {
        Path latin = folder.resolve("latin.po");
        String text =
                "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=ISO-8859-1\\n\"\n\nmsgid \"a\"\nmsgstr \"ä\"\n";
        Files.writeString(latin, text, StandardCharsets.ISO_8859_1);
        assertThat(PoFile.read(latin).pairs("l").getFirst().target()).isEqualTo("ä");
        Path wrong = Files.writeString(
                folder.resolve("w.po"), text.replace("ISO-8859-1", "utf-8"), StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> PoFile.read(wrong)).hasMessage(wrong + ", line 5 is not UTF-8");
        Path unknown = Files.writeString(folder.resolve("u.po"), text.replace("ISO-8859-1", "klingon"));
        assertThatThrownBy(() -> PoFile.read(unknown)).hasMessageContaining("'klingon', which is none that Java knows");
        assertThatThrownBy(() -> PoFile.read(folder.resolve("no.po"))).hasMessageContaining("there is no such file");
    }
}
