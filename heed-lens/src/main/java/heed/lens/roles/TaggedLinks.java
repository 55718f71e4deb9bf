package heed.lens.roles;

import heed.corpus.TaggedSentence;
import heed.lens.roles.LinkedSentence.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What the tags of the Brown corpus say of which words belong together. Tags know no dependencies, so only
/// patterns that leave little doubt are taken: a determiner or an adjective and the noun at the end of its
/// phrase, and a verb with a phrase that begins with a determiner right behind it.
final class TaggedLinks {
    private static final Pattern SUFFIX = Pattern.compile("-(?:tl|hl|nc)");
    private static final Pattern DETERMINER = Pattern.compile("at|dt|dti|dts|pp\\$");
    private static final Pattern ADJECTIVE = Pattern.compile("jj[rst]?");
    private static final Pattern MODIFIER = Pattern.compile("ql|rb|jj[rst]?|ap|cd|od|vbn|vbg");
    private static final Pattern NOUN = Pattern.compile("nns?|nps?");
    private static final Pattern VERB = Pattern.compile("vb[dgz]?");

    /// Verbs whose noun is no object, and nouns that say when.
    private static final Pattern LINKING = Pattern.compile("(?:become|became|becoming|remain|seem|look|appear)\\w*");

    private static final Set<String> TIMES = Set.of(
            "day", "days", "night", "morning", "evening", "week", "month", "year", "years", "time", "times", "hour",
            "summer", "winter", "way");

    private TaggedLinks() {}

    static LinkedSentence of(TaggedSentence sentence) {
        List<String> words = sentence.words().stream().map(TaggedLinks::written).toList();
        List<String> tags = sentence.tags().stream()
                .map(tag -> SUFFIX.matcher(tag.toLowerCase(Locale.ROOT)).replaceAll(""))
                .toList();
        List<Link> links = new ArrayList<>(LinkedSentence.duplicates(
                words,
                w -> NOUN.matcher(tags.get(w)).matches()
                        || VERB.matcher(tags.get(w)).matches()));
        for (int w = 0; w < words.size(); w++) {
            if (DETERMINER.matcher(tags.get(w)).matches()) {
                add(Role.DETERMINER, w, noun(tags, w + 1), links);
            } else if (ADJECTIVE.matcher(tags.get(w)).matches()) {
                add(Role.ADJECTIVE, w, noun(tags, w + 1), links);
            } else if (VERB.matcher(tags.get(w)).matches()) {
                int object = object(words, tags, w);
                if (object >= 0) {
                    links.add(Link.of(Role.OBJECT, object, w));
                }
            }
        }
        return LinkedSentence.of(words, links);
    }

    private static void add(Role role, int from, int to, List<Link> links) {
        if (to >= 0) {
            links.add(Link.of(role, from, to));
        }
    }

    /// Quotation marks as people write them.
    private static String written(String word) {
        return word.equals("``") || word.equals("''") ? "\"" : word;
    }

    /// The last noun of the phrase that goes on at a word; -1 where there is none.
    private static int noun(List<String> tags, int from) {
        int w = from;
        while (w < tags.size() && MODIFIER.matcher(tags.get(w)).matches()) {
            w++;
        }
        int noun = -1;
        while (w < tags.size() && NOUN.matcher(tags.get(w)).matches()) {
            noun = w++;
        }
        boolean owner = w < tags.size() && tags.get(w).endsWith("$"); // "the city bank's": the phrase goes on
        return owner ? -1 : noun;
    }

    private static int object(List<String> words, List<String> tags, int verb) {
        int next = verb + 1;
        if (next >= tags.size()
                || !DETERMINER.matcher(tags.get(next)).matches()
                || LINKING.matcher(words.get(verb).toLowerCase(Locale.ROOT)).matches()) {
            return -1;
        }
        int noun = noun(tags, next + 1);
        return noun >= 0 && TIMES.contains(words.get(noun).toLowerCase(Locale.ROOT)) ? -1 : noun;
    }
}
