package heed.lens;

import heed.model.AttentionMap;
import heed.model.AttentionMaps;

/// Attention as text for a terminal.
///
/// One head is a heat map and a list of the strongest links of each word; all heads are an overview that says
/// what each looks at and which to open first. Whatever a token contains, the text carries no control
/// characters but line ends and, where the terminal has colours, the sequences that set them.
///
/// @param terminal where the text is read
/// @param specialTokens whether tokens such as `[CLS]` and `[SEP]` take part; without them their share is named
/// @param links how many keys are named per word
public record AttentionText(Terminal terminal, boolean specialTokens, int links) {
    public AttentionText {
        if (links < 1) {
            throw new IllegalArgumentException("links per word is " + links + ", it must be at least 1");
        }
    }

    /// Real words only, three links each.
    public AttentionText(Terminal terminal) {
        this(terminal, false, 3);
    }

    /// One head: heat map and strongest links.
    public String head(AttentionMap map) {
        return new HeadText(this, map).draw();
    }

    /// All heads: what each looks at, and the first ones to open.
    public String heads(AttentionMaps maps) {
        return new HeadMapText(terminal, maps).draw();
    }

    /// `layer 3, head 7`, or `layer 3, mean of all heads`.
    static String name(AttentionMap map) {
        return "layer " + map.layer() + ", " + (map.head() < 0 ? "mean of all heads" : "head " + map.head());
    }
}
