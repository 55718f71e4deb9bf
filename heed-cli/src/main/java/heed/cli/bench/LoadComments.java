package heed.cli.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Comments of common words that say nothing: speed does not depend on what they say, only on how much.
final class LoadComments {
    private static final List<String> WORDS = List.of(("the a of and to in that it was for on are with they at be this"
                    + " have from or one had by word but not what all were we when your can said there use an each which"
                    + " she do how their if will up other about out many then them these so some her would make like him"
                    + " into time has look two more write go see number no way could people my than first water been call"
                    + " who oil its now find long down day did get come made may part over new sound take only little work"
                    + " know place year live me back give most very after thing our just name good sentence man think say"
                    + " great where help through much before line right too mean old any same tell boy follow came want"
                    + " show also around form three small set put end does another well large must big even such because"
                    + " turn here why ask went men read need land different home us move try kind hand picture again"
                    + " change off play spell air away animal house point page letter mother answer found study still"
                    + " learn should world")
            .split(" "));

    private LoadComments() {}

    /// @param number of the comment; the same number is the same comment
    static String comment(int number, int words) {
        SplittableRandom random = new SplittableRandom(number);
        return IntStream.range(0, words)
                .mapToObj(_ -> WORDS.get(random.nextInt(WORDS.size())))
                .collect(Collectors.joining(" ", "", "."));
    }
}
