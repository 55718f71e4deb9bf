package heed.corpus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sentences that WordNet (Fellbaum 1998) gives as examples of what words mean, from its data files: each
/// stands in the gloss of a set of synonyms, so the sense of the synonym that it uses is known.
public final class WordNet {
    private static final Pattern EXAMPLE = Pattern.compile("\"([^\"]+)\"");
    private static final Pattern MARKER = Pattern.compile("\\(.*\\)$");
    private static final List<String> PARTS = List.of("noun", "verb", "adj", "adv");
    private static final String LETTERS = "nvar";
    private static final String LETTERS_OF_KEYS = "nvara"; // the fifth kind of key are satellites of adjectives

    /// How often each sense was met in labelled texts, by lemma, part of speech and the number of its synonyms.
    private final Map<Key, Integer> frequencies = new HashMap<>();

    /// Examples by lemma and part of speech, then by sense.
    private final Map<Key, Map<String, Collected>> words = new LinkedHashMap<>();

    private record Key(String lemma, char part, String sense) {}

    private record Collected(String gloss, List<Occurrence> examples) {}

    private WordNet() {}

    /// Words of which at least two senses have at least two examples, and the examples of those senses: of each
    /// one can be held out, and one is left.
    ///
    /// @param files `index.sense`, `data.noun`, `data.verb`, `data.adj` and `data.adv`, by any names that end
    /// so
    /// @throws CorpusException when one is missing, or a line is none of WordNet's
    public static List<AmbiguousWord> ambiguous(Map<String, String> files) {
        WordNet net = new WordNet();
        net.readFrequencies(text(files, "index.sense"));
        for (int p = 0; p < PARTS.size(); p++) {
            String name = "data." + PARTS.get(p);
            net.readSynonyms(name, text(files, name), LETTERS.charAt(p));
        }
        return net.ambiguous();
    }

    private static String text(Map<String, String> files, String name) {
        return files.entrySet().stream()
                .filter(file -> file.getKey().endsWith(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new CorpusException("WordNet's file " + name + " is missing"));
    }

    private void readFrequencies(String index) {
        int number = 0;
        for (String line : index.lines().toList()) {
            number++;
            String[] columns = line.split(" ");
            int percent = columns[0].indexOf('%');
            try {
                char part = LETTERS_OF_KEYS.charAt(columns[0].charAt(percent + 1) - '1');
                frequencies.put(
                        new Key(columns[0].substring(0, percent), part, columns[1]), Integer.parseInt(columns[3]));
            } catch (RuntimeException e) {
                throw wrong("index.sense", number, e);
            }
        }
    }

    private void readSynonyms(String name, String data, char part) {
        int number = 0;
        for (String line : data.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith(" ")) {
                continue; // the licence
            }
            try {
                int bar = line.indexOf(" | ");
                String gloss = line.substring(bar + 3);
                if (gloss.indexOf('"') >= 0) {
                    readExamples(line.substring(0, bar).split("\\s+"), gloss.strip(), part);
                }
            } catch (RuntimeException e) {
                throw wrong(name, number, e);
            }
        }
    }

    private static CorpusException wrong(String name, int line, RuntimeException cause) {
        return new CorpusException("WordNet's " + name + ", line " + line + " is not as WordNet writes them", cause);
    }

    /// @param head the number of the synonyms, two more columns, their count in hexadecimal digits, and each
    /// with a column behind it
    private void readExamples(String[] head, String gloss, char part) {
        int count = Integer.parseInt(head[3], 16);
        String definition = gloss.split("; \"", 2)[0];
        Matcher examples = EXAMPLE.matcher(gloss);
        List<WordForms> forms = new ArrayList<>();
        while (examples.find()) {
            for (int w = 0; w < count; w++) {
                String lemma = MARKER.matcher(head[4 + 2 * w]).replaceFirst("").toLowerCase(Locale.ROOT);
                if (forms.size() == w) {
                    forms.add(new WordForms(lemma));
                }
                Optional<Occurrence> found = forms.get(w).first(examples.group(1));
                if (found.isPresent()) {
                    words.computeIfAbsent(new Key(lemma, part, ""), _ -> new LinkedHashMap<>())
                            .computeIfAbsent(head[0], _ -> new Collected(definition, new ArrayList<>()))
                            .examples
                            .add(found.get());
                    break; // an example is of one synonym, the first that it has
                }
            }
        }
    }

    private List<AmbiguousWord> ambiguous() {
        List<AmbiguousWord> found = new ArrayList<>();
        words.forEach((word, senses) -> {
            List<AmbiguousWord.Sense> usable = new ArrayList<>();
            senses.forEach((number, sense) -> {
                if (sense.examples.size() >= 2) {
                    int frequency = frequencies.getOrDefault(new Key(word.lemma, word.part, number), 0);
                    usable.add(new AmbiguousWord.Sense(number, sense.gloss, frequency, sense.examples));
                }
            });
            if (usable.size() >= 2) {
                found.add(new AmbiguousWord(word.lemma.replace('_', ' '), String.valueOf(word.part), usable));
            }
        });
        return List.copyOf(found);
    }
}
