package heed.lens.roles;

import heed.lens.roles.LinkedSentence.Link;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Sentences that are put together, so that their links are certain. What stands between two words varies, so
/// no fixed distance hits them all.
public final class Templates {
    private static final List<String> NOUNS = List.of(
            "dog", "teacher", "farmer", "child", "doctor", "bird", "horse", "king", "soldier", "artist", "car", "house",
            "letter", "garden", "table", "window", "boat", "song", "picture", "road");
    private static final List<String> ADJECTIVES = List.of(
            "old",
            "young",
            "small",
            "large",
            "red",
            "happy",
            "quiet",
            "strange",
            "famous",
            "heavy",
            "beautiful",
            "poor");
    private static final List<String> VERBS = List.of(
            "saw", "found", "liked", "watched", "painted", "sold", "followed", "remembered", "visited", "described");
    private static final List<String> DETERMINERS = List.of("the", "a", "this", "every");
    private static final List<String> ADVERBS =
            List.of("yesterday", "often", "quickly", "again", "finally", "never", "soon", "slowly");
    private static final List<String> WOMEN = List.of("Mary", "Anna", "Susan", "Julia", "Emma", "Sarah");
    private static final List<String> MEN = List.of("John", "Mark", "Peter", "David", "Thomas", "Paul");
    private static final List<String> MEETINGS = List.of("met", "called", "helped", "thanked", "visited", "saw");
    private static final List<String> FEELINGS = List.of("tired", "happy", "late", "hungry", "angry", "sick");
    private static final List<String> THINGS = List.of(
            "river", "stone", "music", "paper", "winter", "orange", "seven", "cloud", "market", "green", "bridge",
            "coffee", "silver", "doctor", "train", "forest", "yellow", "island", "summer", "kitchen");

    private final Random random;

    private Templates(long seed) {
        this.random = new Random(seed);
    }

    /// @param each how many sentences of each of three kinds: phrases and verbs, pronouns, repetitions
    public static Corpus corpus(int each, long seed) {
        Templates templates = new Templates(seed);
        List<LinkedSentence> sentences = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            sentences.add(templates.clause());
        }
        for (int i = 0; i < each; i++) {
            sentences.add(templates.pronoun());
        }
        for (int i = 0; i < each; i++) {
            sentences.add(templates.repetition());
        }
        return new Corpus("templates", sentences);
    }

    private String one(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean maybe() {
        return random.nextBoolean();
    }

    /// Words and links that grow.
    private static final class Growing {
        private final List<String> words = new ArrayList<>();
        private final List<Link> links = new ArrayList<>();

        int add(String word) {
            words.add(word);
            return words.size() - 1;
        }

        LinkedSentence sentence() {
            words.set(
                    0,
                    words.getFirst().substring(0, 1).toUpperCase(Locale.ROOT)
                            + words.getFirst().substring(1));
            return LinkedSentence.of(words, links);
        }
    }

    /// "The old dog often saw a small red house near the road ."
    private LinkedSentence clause() {
        Growing growing = new Growing();
        if (maybe()) {
            growing.add(one(ADVERBS));
        }
        int subject = phrase(growing);
        if (maybe()) {
            growing.add(one(List.of("near", "behind", "beside")));
            phrase(growing);
        }
        if (maybe()) {
            growing.add(one(ADVERBS));
        }
        int verb = growing.add(one(VERBS));
        int object = phrase(growing);
        growing.links.add(Link.of(Role.SUBJECT, subject, verb));
        growing.links.add(Link.of(Role.OBJECT, object, verb));
        if (maybe()) {
            growing.add(one(List.of("near", "behind", "in")));
            phrase(growing);
        }
        growing.add(".");
        return growing.sentence();
    }

    /// @return where the noun stands
    private int phrase(Growing growing) {
        int determiner = growing.add(one(DETERMINERS));
        List<Integer> adjectives = new ArrayList<>();
        for (int a = random.nextInt(3); a > 0; a--) {
            adjectives.add(growing.add(one(ADJECTIVES)));
        }
        int noun = growing.add(one(NOUNS));
        growing.links.add(Link.of(Role.DETERMINER, determiner, noun));
        adjectives.forEach(adjective -> growing.links.add(Link.of(Role.ADJECTIVE, adjective, noun)));
        return noun;
    }

    /// "Mary met John because he was late .", either of the two in either place.
    private LinkedSentence pronoun() {
        Growing growing = new Growing();
        if (maybe()) {
            growing.add(one(ADVERBS));
        }
        boolean womanFirst = maybe();
        boolean sheSpeaks = maybe();
        int first = growing.add(one(womanFirst ? WOMEN : MEN));
        if (maybe()) {
            growing.add(one(ADVERBS));
        }
        growing.add(one(MEETINGS));
        int second = growing.add(one(womanFirst ? MEN : WOMEN));
        if (maybe()) {
            growing.add(one(ADVERBS));
        }
        growing.add(one(List.of("because", "when", "while")));
        int pronoun = growing.add(sheSpeaks ? "she" : "he");
        growing.add("was");
        growing.add(one(FEELINGS));
        growing.add(".");
        growing.links.add(Link.of(Role.PRONOUN, pronoun, womanFirst == sheSpeaks ? first : second));
        return growing.sentence();
    }

    /// Five to ten words in no order, maybe others, and the same words again.
    private LinkedSentence repetition() {
        List<String> things = new ArrayList<>(THINGS);
        Collections.shuffle(things, random);
        int period = random.nextInt(5, 11);
        int between = random.nextInt(4);
        Growing growing = new Growing();
        things.subList(0, period + between).forEach(growing::add);
        things.subList(0, period).forEach(growing::add);
        int distance = period + between;
        for (int w = 0; w < period; w++) {
            growing.links.add(Link.of(Role.DUPLICATE, distance + w, w));
            if (w + 1 < period) {
                growing.links.add(Link.of(Role.INDUCTION, distance + w, w + 1));
            }
        }
        return LinkedSentence.of(growing.words, growing.links);
    }
}
