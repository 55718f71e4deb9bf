package heed.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A checkpoint with an adapter on top, as Hugging Face's PEFT writes them: matrices with updates of low rank
/// added, `W + scale · B A` (LoRA, Hu et al. 2021), and modules of its own in place of the other's.
///
/// An adapter names matrices as they are called inside a model with a head; the checkpoint below may lack the
/// prefix.
public final class AdaptedCheckpoint implements Checkpoint {
    private static final String WRAPPED = "base_model.model.";
    private static final Pattern SAVED = Pattern.compile("\\.(modules_to_save|original_module)\\.(default\\.)?");
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    /// The heads of models before they were adapted, which the adapter has no use for.
    private static final Pattern OTHER_HEADS =
            Pattern.compile("(lm_head|cls|vocab_(transform|layer_norm|projector)|generator_|discriminator_).*");

    private final Checkpoint base;
    private final Checkpoint adapter;
    private final float scale;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, String> updates = new LinkedHashMap<>(); // name below -> module of the adapter
    private final Map<String, String> own = new LinkedHashMap<>(); // name -> name in the adapter

    /// @param scale `α / r`
    /// @throws CheckpointException when the adapter does not fit, naming what does not
    public AdaptedCheckpoint(Checkpoint base, Checkpoint adapter, float scale) {
        this.base = base;
        this.adapter = adapter;
        this.scale = scale;
        base.tensors().forEach((name, info) -> {
            if (!OTHER_HEADS.matcher(name).matches()) {
                tensors.put(name, info);
            }
        });
        adapter.tensors().forEach(this::add);
    }

    private void add(String stored, TensorInfo info) {
        String name = SAVED.matcher(stored.startsWith(WRAPPED) ? stored.substring(WRAPPED.length()) : stored)
                .replaceFirst(".");
        if (name.endsWith(UP)) {
            return; // found with the other half
        }
        if (!name.endsWith(DOWN)) {
            String below = below(name);
            tensors.put(below == null ? name : below, info);
            own.put(below == null ? name : below, stored);
            return;
        }
        String matrix = name.substring(0, name.length() - DOWN.length()) + ".weight";
        String below = below(matrix);
        if (below == null) {
            throw new CheckpointException(adapter.description() + " updates " + Quoted.of(matrix)
                    + ", which the model below does not have; the adapter belongs to another model");
        }
        String module = stored.substring(0, stored.length() - DOWN.length());
        TensorInfo up = adapter.tensor(module + UP);
        TensorInfo weight = base.tensor(below);
        boolean fits = weight.shape().size() == 2
                && up.shape().getFirst().equals(weight.shape().getFirst())
                && info.shape().getLast().equals(weight.shape().getLast())
                && info.shape().getFirst().equals(up.shape().getLast());
        if (!fits) {
            throw new CheckpointException(adapter.description() + " has an update of shape " + up.shape() + " by "
                    + info.shape() + " for " + Quoted.of(below) + ", which has " + weight.shape());
        }
        updates.put(below, module);
    }

    /// The name in the checkpoint below, with or without the prefix of the network; null if it is not there.
    private @Nullable String below(String name) {
        if (tensors.containsKey(name)) {
            return name;
        }
        String inside = name.substring(name.indexOf('.') + 1);
        return tensors.containsKey(inside) ? inside : null;
    }

    @Override
    public String description() {
        return adapter.description() + " on " + base.description();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Map.copyOf(tensors);
    }

    @Override
    public float[] read(String name) {
        String stored = own.get(name);
        if (stored != null) {
            return adapter.read(stored);
        }
        float[] values = base.read(name);
        String module = updates.get(name);
        return module == null ? values : updated(values, module);
    }

    private float[] updated(float[] matrix, String module) {
        float[] down = adapter.read(module + DOWN);
        float[] up = adapter.read(module + UP);
        int in = adapter.tensor(module + DOWN).shape().getLast();
        int rank = down.length / in;
        float[] sum = matrix.clone();
        for (int i = 0; i < sum.length; i++) {
            double change = 0;
            for (int r = 0; r < rank; r++) {
                change += (double) up[i / in * rank + r] * down[r * in + i % in];
            }
            sum[i] += (float) (scale * change);
        }
        return sum;
    }

    @Override
    public long[] readIntegers(String name) {
        return base.readIntegers(name);
    }

    @Override
    public void close() {
        try (base) {
            adapter.close();
        }
    }
}
