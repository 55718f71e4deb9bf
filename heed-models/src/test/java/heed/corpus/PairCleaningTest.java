package heed.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.Character.UnicodeScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cleaning, splitting, and what is reserved.
class PairCleaningTest {
    private final PairCleaning cleaning = new PairCleaning(PairCleaning.Rules.of(UnicodeScript.KANNADA));

    private static TextPair pair(String source, String target) {
        return new TextPair(source, target, "x");
    }

    @Test
    void aPairIsWrittenInOneWayAndItsJoinersStay() {
        assertThat(cleaning.clean(pair(" Copy &amp;  paste\u00A0it\u200B ", "ಅಂಟಿಸು\u200C \u200Dಇದು\n")))
                .contains(pair("Copy & paste it", "ಅಂಟಿಸು\u200C \u200Dಇದು"));
        assertThat(cleaning.clean(pair("word cat", "ಕ\u0CC6\u0CD5"))).contains(pair("word cat", "ಕ\u0CC7")); // composed
    }

    @Test
    void markupStaysWhereBothSidesHaveIt() {
        assertThat(cleaning.clean(pair("<b>Open</b> it", "<b>ತೆರೆ</b>")))
                .contains(pair("<b>Open</b> it", "<b>ತೆರೆ</b>"));
        assertThat(cleaning.clean(pair("<i>Close</i> it", "ಮುಚ್ಚು"))).contains(pair("Close it", "ಮುಚ್ಚು"));
    }

    @Test
    void whatTeachesNothingIsLeftOutWithItsReason() {
        List.of(
                        pair("", "ಕ"),
                        pair("x1", "x1"),
                        pair("7", "ಕ"),
                        pair("house", "maison"),
                        pair("house and garden", "maison et jardin ಕ"),
                        pair("a".repeat(1001), "ಕ"),
                        pair("one two three four five six", "ಕಕ"),
                        pair("%s files", "ಕಡತಗಳು"),
                        pair("good", "ಒಳ್ಳೆಯದು"),
                        pair("good", "ಒಳ್ಳೆಯದು"))
                .forEach(cleaning::clean);
        assertThat(cleaning.dropped())
                .isEqualTo(Map.of(
                        "empty", 1,
                        "not translated", 1,
                        "no word", 1,
                        "other script", 2,
                        "too long", 1,
                        "length ratio", 1,
                        "placeholders differ", 1,
                        "there already", 1));
    }

    @Test
    void signsOfKeysGo() {
        assertThat(Accelerators.without(pair("_Open", "ತೆರೆ (_O)"))).isEqualTo(pair("Open", "ತೆರೆ"));
        assertThat(Accelerators.without(pair("E&xit", "ನಿರ್ಗಮಿಸು(&x)"))).isEqualTo(pair("Exit", "ನಿರ್ಗಮಿಸು"));
        assertThat(Accelerators.without(pair("~File", "ಕಡತ (F)"))).isEqualTo(pair("File", "ಕಡತ"));
        assertThat(Accelerators.without(pair("Save _As", "_ಹೀಗೆ ಉಳಿಸು"))).isEqualTo(pair("Save As", "ಹೀಗೆ ಉಳಿಸು"));
        assertThat(Accelerators.without(pair("a_b and c_d", "x (A)"))).isEqualTo(pair("a_b and c_d", "x (A)"));
        assertThat(Accelerators.without(pair("%(file_name)s &amp; more", "x")))
                .isEqualTo(pair("%(file_name)s &amp; more", "x"));
    }

    private static List<TextPair> sentences(int count) {
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String word = "w" + Integer.toString(i + 40, 36).replaceAll("\\d", "q") + (char) ('a' + i % 26)
                    + (char) ('a' + i / 26);
            pairs.add(pair("The " + word + " is over there.", "ಅಲ್ಲಿ ಇದೆ " + word + "."));
        }
        return pairs;
    }

    @Test
    void noTextOfOnePartIsInAnother() {
        List<TextPair> pairs = new ArrayList<>(sentences(200));
        sentences(200)
                .forEach(pair -> pairs.add(
                        pair(pair.source().toUpperCase(java.util.Locale.ROOT) + " 7", "ಬೇರೆ " + pair.source())));
        sentences(200)
                .forEach(pair ->
                        pairs.add(pair("other " + pair.source(), pair.target().replace(".", "!"))));
        PairSplit split = PairSplit.of(pairs, 20, 30);
        assertThat(split.test()).hasSize(30);
        assertThat(split.validation()).hasSize(20);
        Set<String> held = new HashSet<>();
        for (List<TextPair> part : List.of(split.validation(), split.test())) {
            part.forEach(pair -> held.addAll(List.of(PairKey.of(pair.source()), PairKey.of(pair.target()))));
        }
        assertThat(split.train())
                .hasSize(3 * 200 - 3 * 50)
                .noneMatch(
                        pair -> held.contains(PairKey.of(pair.source())) || held.contains(PairKey.of(pair.target())));
    }

    @Test
    void whatTestsDependsNotOnOrderAndLittleOnWhatElseThereIs() {
        List<TextPair> pairs = sentences(200);
        PairSplit split = PairSplit.of(pairs, 20, 30);
        assertThat(PairSplit.of(pairs.reversed(), 20, 30).test()).isEqualTo(split.test());
        assertThat(PairSplit.of(pairs.subList(0, 190), 20, 30).test())
                .filteredOn(split.test()::contains)
                .hasSizeGreaterThanOrEqualTo(20);
        assertThatThrownBy(() -> PairSplit.of(pairs.subList(0, 40), 20, 30))
                .hasMessageContaining("there are 40 sentences")
                .hasMessageContaining("20 to validate and 30 to test");
    }

    @Test
    void fragmentsAndPlaceholdersDoNotTest() {
        List<TextPair> pairs = new ArrayList<>(sentences(10));
        pairs.add(pair("no capital at the beginning.", "ಕ ಕ"));
        pairs.add(pair("Too short.", "ಕ ಕ"));
        pairs.add(pair("No full stop at its end", "ಕ ಕ"));
        pairs.add(pair("There are %d files in here.", "%d ಕ"));
        assertThat(PairSplit.of(pairs, 5, 5).train()).hasSize(4);
    }

    @Test
    void whatIsReservedIsFoundWhateverItsCaseAndMarkup(@TempDir Path folder) throws IOException {
        Path list = Files.writeString(
                folder.resolve("list"),
                PairKey.digest("Open the file", "en") + "\n" + PairKey.digest("ಮುಚ್ಚು", "kn") + "\n");
        ReservedPairs reserved = ReservedPairs.read(list, "en", "kn");
        assertThat(reserved.have(pair("<b>OPEN</b> the _file: 7", "x"))).isTrue();
        assertThat(reserved.have(pair("x", "ಮುಚ್ಚು!"))).isTrue();
        assertThat(reserved.have(pair("ಮುಚ್ಚು", "Open the file"))).isFalse();
        Files.writeString(list, "xyz\n");
        assertThatThrownBy(() -> ReservedPairs.read(list, "en", "kn"))
                .hasMessage(list + ", line 1 is no digest of 24 hexadecimal digits");
    }

    @Test
    void digestsAreThoseOfTheListThatIsKept() {
        // sha256("en:open the file"), computed by another program
        assertThat(PairKey.digest("Open  the File…", "en")).isEqualTo("f72531fc9aebea225206085a");
        // sha256("de:öffnen sie die datei ²")
        assertThat(PairKey.digestOfKey(PairKey.ofLetters("»Öffnen« Sie: die_Datei 7²"), "de"))
                .isEqualTo("ab29fe3f351014059a2341cc");
    }

    @Test
    void whatIsReservedWithoutAnySignsIsFound(@TempDir Path folder) throws IOException {
        Path list = Files.writeString(folder.resolve("list"), "ab29fe3f351014059a2341cc\n");
        ReservedPairs reserved = ReservedPairs.read(list, "en", "de");
        assertThat(reserved.have(pair("x", "„Öffnen“ Sie → die Datei ²"))).isTrue();
        assertThat(reserved.have(pair("x", "Öffnen Sie die Dateien ²"))).isFalse();
    }
}
