package heed.serving;

import heed.family.CausalNetwork;
import heed.family.EncoderNetwork;
import heed.family.Head;
import heed.family.Network;
import heed.family.Seq2SeqNetwork;

/// What a model can be asked for.
public enum Ability {
    /// Any model with a tokenizer.
    TOKENIZE("tokenizes"),
    /// Vectors of texts.
    EMBED("embeds texts"),
    /// Labels of texts.
    CLASSIFY("classifies texts"),
    /// Any number of labels for a text: what moderation asks.
    MODERATE("gives texts any number of labels (problem_type multi_label_classification)"),
    /// How well a text answers a question: a classifier with one label.
    RERANK("ranks texts: a classifier with one label does"),
    /// What comes after a text.
    WRITE("writes on from a text"),
    /// A text about a source.
    REWRITE("writes about a source");

    private final String does;

    Ability(String does) {
        this.does = does;
    }

    /// What such a model does, for messages.
    public String does() {
        return does;
    }

    boolean of(Network network) {
        Head head = network.head();
        boolean classifies = head instanceof Head.OfSequence;
        return switch (this) {
            case TOKENIZE -> true;
            case EMBED -> network instanceof EncoderNetwork;
            case CLASSIFY -> classifies;
            case MODERATE -> classifies && network.config().multiLabel();
            case RERANK -> classifies && network.config().labels().size() == 1;
            case WRITE -> network instanceof CausalNetwork && head instanceof Head.LanguageModel;
            case REWRITE -> network instanceof Seq2SeqNetwork && head instanceof Head.LanguageModel;
        };
    }
}
