package heed.examples.kannada;

import heed.corpus.PairTable;
import heed.corpus.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What a translator has to be better than: a translation memory, which answers each sentence with the target
/// of the sentence it knows that has most words in common with it.
///
/// usage: `NearestNeighbour CORPUS OUT`, where `CORPUS` has `train.tsv` and `test.tsv`, and `OUT` gets the
/// sources, references and answers, one a line: of all tests, and in `strict` of those whose nearest neighbour
/// has less than 0.6 of the words of both
public final class NearestNeighbour {
    private static final double NEAR = 0.6;
    private static final int RARE_WORDS = 5;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

    private final List<TextPair> known;
    private final List<Set<String>> words = new ArrayList<>();
    private final Map<String, List<Integer>> having = new HashMap<>();

    /// @param similarity words that both have, over words that either has (Jaccard)
    record Answer(String target, double similarity) {}

    NearestNeighbour(List<TextPair> known) {
        this.known = known;
        for (int i = 0; i < known.size(); i++) {
            Set<String> own = words(known.get(i).source());
            words.add(own);
            for (String word : own) {
                having.computeIfAbsent(word, _ -> new ArrayList<>()).add(i);
            }
        }
    }

    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        WORD.matcher(text.toLowerCase(Locale.ROOT)).results().forEach(match -> words.add(match.group()));
        return words;
    }

    /// Looks among those that share one of the rarest words.
    Answer answer(String source) {
        Set<String> wanted = words(source);
        Set<Integer> candidates = new HashSet<>();
        wanted.stream()
                .filter(having::containsKey)
                .sorted(Comparator.comparingInt(
                        word -> having.getOrDefault(word, List.of()).size()))
                .limit(RARE_WORDS)
                .forEach(word -> candidates.addAll(having.getOrDefault(word, List.of())));
        int best = -1;
        double most = 0;
        for (int candidate : candidates) {
            Set<String> both = new HashSet<>(wanted);
            both.retainAll(words.get(candidate));
            double similarity =
                    (double) both.size() / (wanted.size() + words.get(candidate).size() - both.size());
            if (similarity > most || (similarity == most && candidate < best)) {
                most = similarity;
                best = candidate;
            }
        }
        return best < 0 ? new Answer("", 0) : new Answer(known.get(best).target(), most);
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: NearestNeighbour CORPUS OUT");
            System.exit(2);
        }
        Path corpus = Path.of(arguments[0]);
        NearestNeighbour memory = new NearestNeighbour(rows(corpus.resolve("train.tsv")));
        List<TextPair> tests = rows(corpus.resolve("test.tsv"));
        List<Answer> answers =
                tests.stream().map(test -> memory.answer(test.source())).toList();
        Path out = Path.of(arguments[1]);
        write(out.resolve("all"), tests, answers, 2);
        write(out.resolve("strict"), tests, answers, NEAR);
        long near = answers.stream().filter(answer -> answer.similarity >= NEAR).count();
        System.out.println(tests.size() + " tests, " + near + " have a neighbour with " + NEAR + " of the words");
    }

    private static List<TextPair> rows(Path table) {
        List<TextPair> rows = PairTable.read(table);
        return rows.subList(1, rows.size());
    }

    /// @param below the similarity that neighbours stay below
    private static void write(Path folder, List<TextPair> tests, List<Answer> answers, double below)
            throws IOException {
        List<String> sources = new ArrayList<>();
        List<String> references = new ArrayList<>();
        List<String> floor = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            if (answers.get(i).similarity < below) {
                sources.add(tests.get(i).source());
                references.add(tests.get(i).target());
                floor.add(answers.get(i).target);
            }
        }
        Files.createDirectories(folder);
        Files.write(folder.resolve("source.txt"), sources);
        Files.write(folder.resolve("reference.txt"), references);
        Files.write(folder.resolve("floor.txt"), floor);
    }
}
