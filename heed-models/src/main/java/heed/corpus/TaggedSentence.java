package heed.corpus;

import java.util.List;

/// Words of a sentence with their parts of speech.
///
/// @param source the file that it is from
/// @param number of the sentence in its file, from 1
/// @param tags one for each word
public record TaggedSentence(String source, int number, List<String> words, List<String> tags) {
    public TaggedSentence {
        words = List.copyOf(words);
        tags = List.copyOf(tags);
        if (words.size() != tags.size()) {
            throw new IllegalArgumentException(words.size() + " words have " + tags.size() + " tags");
        }
    }
}
