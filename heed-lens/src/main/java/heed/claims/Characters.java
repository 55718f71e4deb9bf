package heed.claims;

import java.util.Arrays;

/// A text as the numbers of its characters, in two parts: most of it to learn, the end to tell how well that
/// went.
///
/// @param vocabulary how many different characters there are
@SuppressWarnings("ArrayRecordComponent") // as long as a book, and handed over
record Characters(int vocabulary, int[] training, int[] validation) {
    /// @param held how many characters at the end are held out
    static Characters of(String text, int held) {
        int[] points = text.codePoints().toArray();
        int[] known = Arrays.stream(points).distinct().sorted().toArray();
        int[] ids = Arrays.stream(points)
                .map(point -> Arrays.binarySearch(known, point))
                .toArray();
        if (ids.length <= 2 * held) {
            throw new IllegalArgumentException(
                    "the text has " + ids.length + " characters, of which " + held + " cannot be held out");
        }
        return new Characters(
                known.length,
                Arrays.copyOf(ids, ids.length - held),
                Arrays.copyOfRange(ids, ids.length - held, ids.length));
    }

    /// The loss of one who guesses evenly.
    double even() {
        return Math.log(vocabulary);
    }

    /// The loss of one who knows how frequent each character is.
    double unigram() {
        double[] counts = new double[vocabulary];
        Arrays.fill(counts, 1);
        for (int id : training) {
            counts[id]++;
        }
        double all = Arrays.stream(counts).sum();
        return Arrays.stream(validation)
                .mapToDouble(id -> -Math.log(counts[id] / all))
                .average()
                .orElseThrow();
    }

    /// The loss of one who knows how frequent each character is behind each other one.
    double bigram() {
        double[][] counts = new double[vocabulary][vocabulary];
        double[] sums = new double[vocabulary];
        for (int before = 0; before < vocabulary; before++) {
            Arrays.fill(counts[before], 0.1);
            sums[before] = 0.1 * vocabulary;
        }
        for (int i = 1; i < training.length; i++) {
            counts[training[i - 1]][training[i]]++;
            sums[training[i - 1]]++;
        }
        double loss = 0;
        for (int i = 1; i < validation.length; i++) {
            loss -= Math.log(counts[validation[i - 1]][validation[i]] / sums[validation[i - 1]]);
        }
        return loss / (validation.length - 1);
    }
}
