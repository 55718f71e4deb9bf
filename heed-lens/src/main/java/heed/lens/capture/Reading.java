package heed.lens.capture;

import heed.attention.Past;
import heed.family.DecoderNetwork;
import heed.family.EncoderDecoderNetwork;
import heed.family.EncoderNetwork;
import heed.family.Head;
import heed.family.Network;
import heed.family.RecurrentNetwork;
import heed.family.TokenBatch;
import heed.generation.Decoding;
import heed.model.Model;
import heed.pass.Pass;
import heed.pass.Watch;
import heed.stack.Memory;
import heed.task.TextGenerator;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import heed.text.Encoding;
import heed.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A text that is ready to go through a model any number of times: tokens, masks in their place, and what the
/// model itself wrote on.
///
/// @param source the tokens that an encoder reads; all tokens of a decoder
/// @param target the tokens that an encoder–decoder's decoder reads; empty for others
/// @param written what is written after each of them: the next one, and last the end
/// @param writtenFrom the first token of the target, or of a decoder's source, that the model wrote; -1 for
/// none
record Reading(
        Model model,
        Network network,
        TokenBatch sourceBatch,
        @Nullable TokenBatch targetBatch,
        List<RunToken> source,
        List<RunToken> target,
        List<RunToken> written,
        int writtenFrom) {
    /// Scores that predictions are made of in one pass: 64 MB.
    private static final long MOST_SCORES = 1L << 24;

    /// What an encoder–decoder writes at most when nobody says, where it has positions for so many.
    private static final int USUAL_TARGET = 64;

    /// What a decoder goes on with when nobody says how far.
    private static final int USUAL_CONTINUATION = 24;

    /// @throws IllegalArgumentException when the input does not fit the model
    static Reading of(Model model, RunInput input) {
        Network network = network(model, input);
        return switch (network) {
            case EncoderNetwork _ -> ofEncoder(model, network, input);
            case DecoderNetwork _ -> ofDecoder(model, network, input);
            case EncoderDecoderNetwork both -> ofBoth(model, both, input);
            case RecurrentNetwork _ ->
                throw new IllegalArgumentException(
                        model.name() + " is a recurrent network: it has no heads to look at");
        };
    }

    private static Network network(Model model, RunInput input) {
        for (Ablation.HeadPlace place : input.ablation().heads()) {
            requireHead(model, place);
        }
        if (input.newTokens() != 0 && !input.positions()) {
            throw new IllegalArgumentException("without positions the model reads only: ask for no new tokens");
        }
        return input.positions() ? model.network() : model.network().withoutPositions();
    }

    /// The tokens of a run once more, those that the model wrote included: nothing is written anew.
    static Reading again(Model model, RunInput input, Run run) {
        if (run.writtenFrom() < 0) {
            return of(model, input);
        }
        return new Reading(
                model,
                network(model, input),
                TokenBatch.of(ids(run.source())),
                run.target().isEmpty() ? null : TokenBatch.of(ids(run.target())),
                run.source(),
                run.target(),
                run.written(),
                run.writtenFrom());
    }

    private static int[] ids(List<RunToken> tokens) {
        return tokens.stream().mapToInt(RunToken::id).toArray();
    }

    private static Reading ofEncoder(Model model, Network network, RunInput input) {
        if (input.newTokens() != 0) {
            throw new IllegalArgumentException(model.name() + " is an encoder: it reads, and writes nothing");
        }
        Encoding encoding = model.encode(input.text(), input.pair());
        int[] ids = masked(model, encoding.ids(), input);
        TokenBatch batch = new TokenBatch(ids, encoding.typeIds(), Sequences.single(ids.length));
        return new Reading(model, network, batch, null, tokens(model, ids, encoding), List.of(), List.of(), -1);
    }

    private static Reading ofDecoder(Model model, Network network, RunInput input) {
        if (input.pair() != null) {
            throw new IllegalArgumentException(model.name() + " is a decoder: it takes one text and no pair");
        }
        Encoding encoding = model.encode(input.text(), null);
        int[] prompt = masked(model, encoding.ids(), input);
        int room = model.config().maxTokens() - prompt.length;
        int most = input.newTokens() == RunInput.USUAL ? Math.min(USUAL_CONTINUATION, room) : input.newTokens();
        int[] ids = most == 0 ? prompt : joined(prompt, written(model, prompt, input, most));
        return new Reading(
                model,
                network,
                TokenBatch.of(ids),
                null,
                tokens(model, ids, encoding),
                List.of(),
                List.of(),
                ids.length > prompt.length ? prompt.length : -1);
    }

    private static Reading ofBoth(Model model, EncoderDecoderNetwork network, RunInput input) {
        Encoding encoding = model.encode(input.text(), null);
        int[] ids = masked(model, encoding.ids(), input);
        String pair = input.pair();
        if (pair != null && input.newTokens() != 0) {
            throw new IllegalArgumentException("a target is given: there is nothing to write");
        }
        Model.Target target = pair != null ? model.target(pair) : writtenTarget(model, network, ids, input);
        return new Reading(
                model,
                network,
                new TokenBatch(ids, encoding.typeIds(), Sequences.single(ids.length)),
                TokenBatch.of(target.ids()),
                tokens(model, ids, encoding),
                RunToken.of(target.tokens(), target.ids(), null),
                RunToken.of(target.written(), idsWritten(model, target), null),
                pair == null && target.ids().length > 1 ? 1 : -1);
    }

    private static Model.Target writtenTarget(
            Model model, EncoderDecoderNetwork network, int[] source, RunInput input) {
        int[] start = {network.startId()};
        int usual = Math.clamp(model.config().maxTokens() - start.length, 1, USUAL_TARGET);
        int most = input.newTokens() > 0 ? input.newTokens() : usual;
        int[] written = network.head() instanceof Head.LanguageModel ? written(model, source, input, most) : new int[0];
        int[] kept = withoutEnd(model, written);
        int[] ids = joined(start, kept);
        model.requireLength(ids.length, "the target");
        String end = kept.length < written.length ? pieces(model, written, null).getLast() : Model.Target.OPEN;
        return Model.Target.of(ids, pieces(model, ids, null), end);
    }

    /// The ids of what is written after each token of a target; -1 where that is not known.
    private static int[] idsWritten(Model model, Model.Target target) {
        int[] ids = Arrays.copyOfRange(target.ids(), 1, target.ids().length + 1);
        boolean open = target.written().getLast().equals(Model.Target.OPEN);
        ids[ids.length - 1] = open ? -1 : model.tokenizer().eosId().orElse(-1);
        return ids;
    }

    private static int[] written(Model model, int[] prompt, RunInput input, int count) {
        return new TextGenerator(model, Decoding.greedy().maxNewTokens(count))
                .watched(Ablating.of(input.ablation(), model.network(), Watch.NONE))
                .generateTokens(List.of(prompt))
                .getFirst()
                .getFirst()
                .ids();
    }

    /// The end of a target is written after it, never read.
    private static int[] withoutEnd(Model model, int[] ids) {
        OptionalInt end = model.tokenizer().eosId();
        int last = ids.length - 1;
        boolean ends = last >= 0 && end.isPresent() && ids[last] == end.getAsInt();
        return ends ? Arrays.copyOf(ids, last) : ids;
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    private static int[] masked(Model model, int[] ids, RunInput input) {
        if (input.masked().isEmpty()) {
            return ids;
        }
        OptionalInt mask = model.tokenizer().maskId();
        if (mask.isEmpty()) {
            throw new IllegalArgumentException(model.name() + " has no mask token to put in the place of others");
        }
        int[] changed = ids.clone();
        for (int place : input.masked()) {
            if (place < 0 || place >= ids.length) {
                throw new IllegalArgumentException(
                        "there is no token " + place + " to mask, the text has " + ids.length + " tokens");
            }
            changed[place] = mask.getAsInt();
        }
        return changed;
    }

    private static List<RunToken> tokens(Model model, int[] ids, Encoding encoding) {
        return RunToken.of(pieces(model, ids, encoding), ids, encoding);
    }

    /// The spelling of each token; of those that an encoding has, as it says.
    private static List<String> pieces(Model model, int[] ids, @Nullable Encoding encoding) {
        Tokenizer tokenizer = model.tokenizer();
        return IntStream.range(0, ids.length)
                .mapToObj(i -> encoding != null && i < encoding.length() && encoding.ids()[i] == ids[i]
                        ? encoding.tokens().get(i)
                        : tokenizer.token(ids[i]).orElse("#" + ids[i]))
                .toList();
    }

    private static void requireHead(Model model, Ablation.HeadPlace place) {
        boolean there = StackPlan.of(model.network()).stream()
                .anyMatch(plan -> plan.stack() == place.stack()
                        && place.layer() >= 0
                        && place.layer() < plan.rules().size()
                        && place.head() >= 0
                        && place.head() < plan.heads().count());
        if (!there) {
            throw new IllegalArgumentException(model.name() + " has no head " + place.head() + " in layer "
                    + place.layer() + " of its " + AttentionStream.name(place.stack()) + " to take out");
        }
    }

    /// Runs the reading through the model.
    ///
    /// @param use takes the hidden states that the head stands on, `[N, D]`, and the pass
    <T> T pass(Watch watch, BiFunction<Tensor, Pass, T> use) {
        return model.run(watch, pass -> {
            if (network instanceof EncoderDecoderNetwork both && targetBatch != null) {
                Memory memory = new Memory(both.encode(sourceBatch, pass), sourceBatch.sequences());
                return use.apply(both.decode(targetBatch, memory, Past.none(), pass), pass);
            }
            return use.apply(network.encode(sourceBatch, pass), pass);
        });
    }

    /// The places that the model predicts something at.
    int[] predicted() {
        int[] ids = (targetBatch == null ? sourceBatch : targetBatch).ids();
        return switch (network.head()) {
            case Head.MaskedLanguageModel _ -> {
                OptionalInt mask = model.tokenizer().maskId();
                yield IntStream.range(0, ids.length)
                        .filter(i -> mask.isPresent() && ids[i] == mask.getAsInt())
                        .toArray();
            }
            case Head.LanguageModel _ -> {
                int most = (int) Math.max(1, MOST_SCORES / model.config().vocabularySize());
                yield IntStream.range(Math.max(0, ids.length - most), ids.length)
                        .toArray();
            }
            default -> new int[0];
        };
    }

    /// The scores of all tokens at those places, `[places, V]`.
    Tensor logits(Tensor hidden, int[] places, Pass pass) {
        Tensor rows = pass.compute().gather(hidden, places);
        return switch (network.head()) {
            case Head.MaskedLanguageModel head -> head.logits(rows, pass);
            case Head.LanguageModel head -> head.logits(rows, pass);
            default -> throw new IllegalStateException(network.head() + " predicts no tokens");
        };
    }
}
