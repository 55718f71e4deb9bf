package heed.task;

import heed.generation.Steps;
import heed.pass.Pass;
import heed.recurrent.RecurrentState;
import heed.recurrent.RecurrentTranslator;
import heed.stack.Memory;
import heed.tensor.Compute;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A recurrent translator as the strategies of [heed.generation] see it, so that it writes by beam search or by
/// chance as a Transformer does. The state of a sequence follows it from row to row; what was read of a source
/// stays where it is, and is shared.
public final class RecurrentSteps implements Steps {
    private final RecurrentTranslator model;
    private final List<int[]> sources;
    private final int startId;
    private final Compute compute;
    private @Nullable Memory memory;
    private @Nullable RecurrentState state;

    /// @param startId what every target begins with
    public RecurrentSteps(RecurrentTranslator model, List<int[]> sources, int startId, Compute compute) {
        this.model = model;
        this.sources = List.copyOf(sources);
        this.startId = startId;
        this.compute = compute;
    }

    @Override
    public Tensor begin() {
        int[] ids = sources.stream().flatMapToInt(Arrays::stream).toArray();
        int[] lengths = sources.stream().mapToInt(source -> source.length).toArray();
        RecurrentTranslator.Read read = model.encode(ids, Sequences.ofLengths(lengths), Pass.unwatched(compute));
        Memory kept = new Memory(read.memory().states().copy(), read.memory().sequences());
        RecurrentState start = read.start().copy();
        compute.reset();
        int[] first = new int[sources.size()];
        Arrays.fill(first, startId);
        return advance(first, kept, start);
    }

    @Override
    public Tensor step(int[] parents, int[] tokens) {
        Memory seen = memory;
        RecurrentState before = state;
        if (seen == null || before == null) {
            throw new IllegalStateException("steps begin with the sources");
        }
        Sequences all = seen.sequences();
        int[] starts = Arrays.stream(parents).map(all::start).toArray();
        int[] lengths = Arrays.stream(parents).map(all::length).toArray();
        Memory of = new Memory(seen.states(), Sequences.placed(starts, lengths, all.rows()));
        return advance(tokens, of, before.of(all.count(), parents, Pass.unwatched(compute)));
    }

    private Tensor advance(int[] tokens, Memory seen, RecurrentState before) {
        RecurrentTranslator.Step step =
                model.step(tokens, new RecurrentTranslator.Read(seen, before), null, Pass.unwatched(compute));
        Tensor logits = step.logits().copy();
        memory = seen;
        state = step.after().copy();
        compute.reset();
        return logits;
    }
}
