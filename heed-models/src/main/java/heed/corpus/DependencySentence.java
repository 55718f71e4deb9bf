package heed.corpus;

import java.util.List;

/// Words of a sentence, each with its part of speech and the word that it depends on.
///
/// @param tags universal parts of speech, such as `NOUN`
/// @param heads by word, the number of the word that it depends on, from 1; 0 for the root
/// @param relations by word, such as `obj`
public record DependencySentence(List<String> words, List<String> tags, List<Integer> heads, List<String> relations) {
    public DependencySentence {
        words = List.copyOf(words);
        tags = List.copyOf(tags);
        heads = List.copyOf(heads);
        relations = List.copyOf(relations);
    }
}
