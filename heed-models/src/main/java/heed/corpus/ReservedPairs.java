package heed.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Pairs that nothing may be learned from, as somebody tests with them. They are known by digests alone, so
/// that the list gives no text away: 24 digits of the SHA-256 of the language, a colon and the letters of the
/// text, with or without the signs that some scripts have between them.
///
/// @param digests of sources and of targets
/// @param sourceLanguage such as `en`
/// @param targetLanguage such as `kn`
public record ReservedPairs(Set<String> digests, String sourceLanguage, String targetLanguage) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{24}");
    private static final Pattern MARKUP = Pattern.compile("<[^<>]{1,200}>");
    private static final Pattern ACCELERATOR = Pattern.compile("[&_~](?=[\\p{L}\\p{N}])");

    public ReservedPairs {
        digests = Set.copyOf(digests);
    }

    /// @throws CorpusException naming the line that is no digest
    public static ReservedPairs read(Path file, String sourceLanguage, String targetLanguage) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (!DIGEST.matcher(lines.get(i)).matches()) {
                    throw new CorpusException(file + ", line " + (i + 1) + " is no digest of 24 hexadecimal digits");
                }
            }
            return new ReservedPairs(new HashSet<>(lines), sourceLanguage, targetLanguage);
        } catch (IOException e) {
            throw new CorpusException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /// Whether one of the texts is reserved, with its markup and the signs of menus or without them.
    public boolean have(TextPair pair) {
        return isKnown(pair.source(), sourceLanguage) || isKnown(pair.target(), targetLanguage);
    }

    private boolean isKnown(String text, String language) {
        String bare = MARKUP.matcher(text).replaceAll(" ");
        return List.of(text, bare, ACCELERATOR.matcher(bare).replaceAll("")).stream()
                .flatMap(variant -> Stream.of(PairKey.of(variant), PairKey.ofLetters(variant)))
                .anyMatch(key -> digests.contains(PairKey.digestOfKey(key, language)));
    }
}
