package heed.task;

import heed.corpus.Protection;
import heed.model.AttentionMaps;
import heed.model.Model;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.List;

/// Which word of a source the model looked at while it wrote each word of a translation: the mean over the
/// heads of the last decoder layer but one, where attention follows the words best (Garg et al. 2019, §4.1), or
/// of the only one there is.
///
/// @param links one for each word of the translation, in order
public record Alignment(List<Link> links) {
    /// @param weight the share of the attention that the source word has
    public record Link(String target, String source, double weight) {}

    public Alignment {
        links = List.copyOf(links);
    }

    /// Looks at a pair; words are what stands between spaces. Where the model learned signs, they are looked
    /// at, and the words have what they stand for.
    ///
    /// @throws IllegalArgumentException when the model is no encoder–decoder, or a text is too long
    public static Alignment of(Model model, String source, String target) {
        if (source.isBlank() || target.isBlank()) {
            return new Alignment(List.of());
        }
        Protection protection = Passages.read(model.tokenizer(), source);
        String signed = protection.signed(target);
        Encoding read = model.encode(protection.text(), null);
        Encoding written = model.encode(signed, null);
        AttentionMaps cross = model.lookAtSource(protection.text(), signed);
        float[][] weights = cross.layer(Math.max(0, cross.layers() - 2)).mean().weights();
        List<int[]> sources = words(protection.text(), read);
        List<Link> links = new ArrayList<>();
        for (int[] word : words(signed, written)) {
            double[] shares = shares(weights, word, sources);
            int most = 0;
            for (int s = 1; s < shares.length; s++) {
                most = shares[s] > shares[most] ? s : most;
            }
            links.add(new Link(
                    protection.resolved(text(signed, written, word)),
                    protection.resolved(text(protection.text(), read, sources.get(most))),
                    shares[most]));
        }
        return new Alignment(links);
    }

    /// The share of each source word in what a word was written from: row `token` is what wrote this token.
    private static double[] shares(float[][] weights, int[] word, List<int[]> sources) {
        double[] shares = new double[sources.size()];
        for (int token = word[0]; token < word[1]; token++) {
            for (int s = 0; s < shares.length; s++) {
                for (int key = sources.get(s)[0]; key < sources.get(s)[1]; key++) {
                    shares[s] += weights[token][key] / (word[1] - word[0]);
                }
            }
        }
        return shares;
    }

    /// The tokens of each word: from, to.
    private static List<int[]> words(String text, Encoding encoding) {
        List<int[]> words = new ArrayList<>();
        for (int token = 0; token < encoding.length(); token++) {
            if (encoding.special()[token] == 1) {
                continue;
            }
            boolean goesOn = !words.isEmpty()
                    && text.substring(
                                    encoding.ends()[token - 1],
                                    Math.max(encoding.ends()[token - 1], encoding.starts()[token]))
                            .isEmpty()
                    && !startsWithSpace(text, encoding, token);
            if (goesOn) {
                words.getLast()[1] = token + 1;
            } else {
                words.add(new int[] {token, token + 1});
            }
        }
        return words;
    }

    private static boolean startsWithSpace(String text, Encoding encoding, int token) {
        int start = encoding.starts()[token];
        return start < text.length() && Character.isWhitespace(text.charAt(start));
    }

    private static String text(String text, Encoding encoding, int[] word) {
        return text.substring(encoding.starts()[word[0]], encoding.ends()[word[1] - 1])
                .strip();
    }
}
