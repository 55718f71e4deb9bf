package heed.lens.capture;

import heed.attention.Heads;
import heed.attention.ScoringRule;
import heed.family.DecoderNetwork;
import heed.family.EncoderDecoderNetwork;
import heed.family.EncoderNetwork;
import heed.family.Network;
import heed.family.RecurrentNetwork;
import heed.pass.Site;
import heed.stack.CrossAttention;
import heed.stack.Decoder;
import heed.stack.Encoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/// One stack of a model's attention, before any text: its heads, and how each layer scores.
record StackPlan(Site.Stack stack, Heads heads, List<ScoringRule> rules) {
    static List<StackPlan> of(Network network) {
        return switch (network) {
            case EncoderNetwork reads -> List.of(encoder(reads.encoder(), reads.rule()));
            case DecoderNetwork writes -> List.of(decoder(writes.decoder()));
            case EncoderDecoderNetwork both -> {
                List<StackPlan> plans = new ArrayList<>();
                plans.add(encoder(both.encoder(), both.rule()));
                plans.add(decoder(both.decoder()));
                plans.add(cross(both.decoder()));
                yield List.copyOf(plans);
            }
            case RecurrentNetwork _ -> List.of();
        };
    }

    private static StackPlan encoder(Encoder encoder, ScoringRule rule) {
        Heads heads = encoder.layers().getFirst().attention().heads();
        return new StackPlan(
                Site.Stack.ENCODER, heads, Collections.nCopies(encoder.layers().size(), rule));
    }

    private static StackPlan decoder(Decoder decoder) {
        Heads heads = decoder.layers().getFirst().attention().heads();
        return new StackPlan(
                Site.Stack.DECODER,
                heads,
                decoder.layers().stream().map(layer -> layer.rule()).toList());
    }

    private static StackPlan cross(Decoder decoder) {
        List<CrossAttention> crosses = decoder.layers().stream()
                .map(layer -> Objects.requireNonNull(layer.cross(), "cross"))
                .toList();
        return new StackPlan(
                Site.Stack.CROSS,
                crosses.getFirst().attention().heads(),
                crosses.stream().map(CrossAttention::rule).toList());
    }
}
