package heed.lens;

import heed.model.AttentionMap;
import heed.model.AttentionMaps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All heads of a model for one text, those first that link words with each other most.
///
/// Many heads rest on special tokens or look one token to the left; they are right to, but show little to
/// somebody who opens a map for the first time. The order is by {@link HeadProfile#linking}, equal heads by
/// layer and head.
///
/// @param heads the most telling first
public record HeadRanking(List<HeadProfile> heads) {
    public HeadRanking {
        heads = List.copyOf(heads);
    }

    public static HeadRanking of(AttentionMaps maps) {
        TokenLabels labels = TokenLabels.of(maps.tokens());
        TokenLabels keyLabels = TokenLabels.of(maps.keyTokens());
        boolean self = maps.tokens().equals(maps.keyTokens());
        List<HeadProfile> heads = new ArrayList<>();
        for (int layer = 0; layer < maps.layers(); layer++) {
            for (int head = 0; head < maps.heads(); head++) {
                AttentionMap map = maps.layer(layer).head(head);
                heads.add(HeadProfile.of(map, self, labels, keyLabels));
            }
        }
        heads.sort(Comparator.comparingDouble(HeadProfile::linking).reversed());
        return new HeadRanking(heads);
    }

    /// The head to look at first.
    public HeadProfile best() {
        return heads.getFirst();
    }

    /// The best heads of the best layers are often alike; this is the head to look at first in one layer.
    public HeadProfile best(int layer) {
        return heads.stream()
                .filter(head -> head.layer() == layer)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("layer " + layer + " does not exist"));
    }

    /// One head's profile.
    public HeadProfile profile(int layer, int head) {
        return heads.stream()
                .filter(profile -> profile.layer() == layer && profile.head() == head)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("layer " + layer + ", head " + head + " does not exist"));
    }
}
