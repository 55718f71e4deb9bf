package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables, compiled catalogues, TMX and XLIFF.
class PairFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aTableHasAPairInEachLine() throws IOException {
        Path table = file("a.tsv", "\uFEFFhouse\tಮನೆ\n\ncat\tಬೆಕ್ಕು\tbook\tmore\r\n");
        assertThat(PairTable.read(table))
                .containsExactly(new TextPair("house", "ಮನೆ", table + ":1"), new TextPair("cat", "ಬೆಕ್ಕು", "book"));
    }

    @Test
    void aLineWithoutATabOrOfOtherBytesIsNamed() throws IOException {
        Path table = file("a.tsv", "house\tಮನೆ\ncat ಬೆಕ್ಕು\n");
        assertThatThrownBy(() -> PairTable.read(table))
                .hasMessage(table + ", line 2 has 1 column, a source and a target need a tab between them");
        Path bytes =
                Files.write(folder.resolve("b.tsv"), new byte[] {'a', '\t', 'b', '\n', 'c', '\t', (byte) 0xE4, '\n'});
        assertThatThrownBy(() -> PairTable.read(bytes)).hasMessage(bytes + ", line 2 is not UTF-8");
        assertThatThrownBy(() -> PairTable.read(folder.resolve("no.tsv")))
                .hasMessageContaining("there is no such file");
    }

    /// A catalogue as `msgfmt` writes it: header, two tables, strings that end with a zero.
    private static byte[] compiled(ByteOrder order, String... texts) {
        int count = texts.length / 2;
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        ByteBuffer head = ByteBuffer.allocate(28 + 16 * count).order(order);
        head.putInt(0x950412de)
                .putInt(0)
                .putInt(count)
                .putInt(28)
                .putInt(28 + 8 * count)
                .putInt(0)
                .putInt(0);
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < count; i++) {
                byte[] text = texts[2 * i + side].getBytes(StandardCharsets.UTF_8);
                head.putInt(text.length).putInt(28 + 16 * count + strings.size());
                strings.writeBytes(text);
                strings.write(0);
            }
        }
        byte[] all = Arrays.copyOf(head.array(), head.capacity() + strings.size());
        System.arraycopy(strings.toByteArray(), 0, all, head.capacity(), strings.size());
        return all;
    }

    @Test
    void aCompiledCatalogueIsReadInBothByteOrders() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            Path mo = Files.write(
                    folder.resolve("a.mo"),
                    compiled(
                            order,
                            "",
                            "Content-Type: text/plain; charset=UTF-8\n",
                            "menu\u0004Open",
                            "ತೆರೆ",
                            "%d file\0%d files",
                            "%d ಕಡತ\0%d ಕಡತಗಳು",
                            "untranslated",
                            ""));
            assertThat(MoFile.pairs(mo, "pack"))
                    .containsExactly(
                            new TextPair("Open", "ತೆರೆ", "pack"),
                            new TextPair("%d file", "%d ಕಡತ", "pack"),
                            new TextPair("%d files", "%d ಕಡತಗಳು", "pack"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 27, 40, 60, 80})
    void aCompiledCatalogueThatIsCutOffIsRefused(int bytes) throws IOException {
        byte[] whole = compiled(ByteOrder.LITTLE_ENDIAN, "", "charset=UTF-8", "Open", "ತೆರೆ");
        assertThat(whole.length).isGreaterThan(80);
        Path mo = Files.write(folder.resolve("cut.mo"), Arrays.copyOf(whole, bytes));
        assertThatThrownBy(() -> MoFile.pairs(mo, "x"))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(bytes < 28 ? "does not begin as one" : "is cut off");
    }

    @Test
    void aCompiledCatalogueInAnotherCharsetIsRefused() throws IOException {
        byte[] bytes = compiled(ByteOrder.LITTLE_ENDIAN, "", "charset=US-ASCII\n", "Open", "ತೆರೆ");
        Path mo = Files.write(folder.resolve("a.mo"), bytes);
        assertThatThrownBy(() -> MoFile.pairs(mo, "x")).hasMessage(mo + ": text 2 is not US-ASCII");
        Path other = Files.write(folder.resolve("b.mo"), new byte[64]);
        assertThatThrownBy(() -> MoFile.pairs(other, "x")).hasMessageContaining("is no compiled gettext catalogue");
    }

    @Test
    void aTranslationMemoryGivesTheLanguagesThatAreAskedFor() throws IOException {
        Path tmx = file("a.tmx", """
                <?xml version="1.0"?>
                <!DOCTYPE tmx SYSTEM "tmx14.dtd">
                <tmx version="1.4"><header/><body>
                <tu><tuv xml:lang="en-US"><seg>Press <bpt i="1">b</bpt>Enter</seg></tuv>
                    <tuv xml:lang="kn"><seg>ಎಂಟರ್ ಒತ್ತಿ</seg></tuv></tu>
                <tu><tuv xml:lang="en"><seg>only English</seg></tuv></tu>
                </body></tmx>
                """);
        assertThat(PairXml.tmx(tmx, "en", "kn"))
                .containsExactly(new TextPair("Press <bpt>b</bpt>Enter", "ಎಂಟರ್ ಒತ್ತಿ", tmx + ":4"));
    }

    @Test
    void bothVersionsOfXliffAreRead() throws IOException {
        Path one = file("a.xlf", """
                <xliff version="1.2"><file source-language="en"><body>
                <trans-unit id="1"><source>See <g id="2">this</g></source><target>ಇದನ್ನು <g id="2">ನೋಡಿ</g></target>
                <alt-trans><source>x</source><target>y</target></alt-trans></trans-unit>
                <trans-unit id="3"><source>open</source></trans-unit>
                </body></file></xliff>
                """);
        assertThat(PairXml.xliff(one))
                .containsExactly(new TextPair("See <g id=\"2\">this</g>", "ಇದನ್ನು <g id=\"2\">ನೋಡಿ</g>", one + ":2"));
        Path two = file("b.xlf", """
                <xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f"><unit id="1">
                <segment><source>house</source><target>ಮನೆ</target></segment>
                <segment><source>cat</source><target>ಬೆಕ್ಕು</target></segment></unit></file></xliff>
                """);
        assertThat(PairXml.xliff(two)).extracting(TextPair::target).containsExactly("ಮನೆ", "ಬೆಕ್ಕು");
    }

    @Test
    void whatIsNoSuchXmlIsRefusedWithItsLine() throws IOException {
        Path open = file("a.tmx", "<tmx>\n<body>\n<tu>\n</body></tmx>");
        assertThatThrownBy(() -> PairXml.tmx(open, "en", "kn"))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("line 4 is not well-formed XML");
        Path other = file("b.xlf", "<html></html>");
        assertThatThrownBy(() -> PairXml.xliff(other)).hasMessageContaining("begins with <html>, not with <xliff>");
        Path mute = file("c.tmx", "<tmx><body>\n<tu><tuv><seg>x</seg></tuv></tu></body></tmx>");
        assertThatThrownBy(() -> PairXml.tmx(mute, "en", "kn"))
                .hasMessageContaining("line 2 has a tuv that does not say");
        Path empty = file("d.xlf", "<xliff><file>\n<trans-unit><target>x</target></trans-unit></file></xliff>");
        assertThatThrownBy(() -> PairXml.xliff(empty)).hasMessageContaining("line 2 has a unit without a source");
    }

    @Test
    void nothingFromOutsideIsReadForXml() throws IOException {
        Path secret = file("secret.txt", "secret");
        Path tmx = file(
                "a.tmx",
                "<!DOCTYPE tmx [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><tmx><body><tu>"
                        + "<tuv xml:lang=\"en\"><seg>&x;</seg></tuv><tuv xml:lang=\"kn\"><seg>ಕ</seg></tuv></tu></body></tmx>");
        try {
            assertThat(PairXml.tmx(tmx, "en", "kn"))
                    .noneMatch(pair -> pair.source().contains("secret"));
        } catch (CorpusException e) {
            assertThat(e).hasMessageContaining("line 1");
        }
    }
}
