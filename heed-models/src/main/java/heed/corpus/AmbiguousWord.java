package heed.corpus;

import java.util.List;

/// A word with more than one meaning, and sentences for each.
///
/// @param lemma the word as dictionaries list it
/// @param part its part of speech, such as `n`; empty where nobody says
public record AmbiguousWord(String lemma, String part, List<Sense> senses) {
    public AmbiguousWord {
        senses = List.copyOf(senses);
    }

    /// One meaning.
    ///
    /// @param name such as `river`, or a number of WordNet's
    /// @param gloss what it means; empty where nobody says
    /// @param frequency how often it was met in texts that people labelled; 0 where nobody says
    /// @param examples the word in this meaning
    public record Sense(String name, String gloss, int frequency, List<Occurrence> examples) {
        public Sense {
            examples = List.copyOf(examples);
        }
    }

    /// The examples of all senses, sense by sense.
    public List<Occurrence> examples() {
        return senses.stream().flatMap(sense -> sense.examples().stream()).toList();
    }
}
