package heed.recipe;

import heed.autograd.Parameter;
import heed.checkpoint.NamedTensor;
import heed.family.Network;
import heed.family.ParameterSource;
import heed.layer.Linear;
import heed.layer.LowRank;
import heed.tensor.Tensor;
import heed.training.Initializer;
import heed.training.ParameterTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// Updates of low rank beside the matrices of a network, and how they are written.
final class LowRankFiles {
    private static final String WEIGHT = ".weight";
    private static final String WRAPPED = "base_model.model."; // what PEFT puts before all names

    private final Tune.LowRankUpdates tune;
    private final ParameterSource.Learned source;
    private final Map<String, LowRank> updates = new LinkedHashMap<>(); // by module

    LowRankFiles(Tune.LowRankUpdates tune, ParameterSource.Learned source) {
        this.tune = tune;
        this.source = source;
    }

    /// The network with updates beside the matrices that the recipe names; A is drawn as PyTorch draws it, and
    /// B begins with zeros.
    ///
    /// @throws RecipeException when it has none
    Network beside(Network network, long seed) {
        Initializer draw = new Initializer(seed + 1);
        Record updated = ParameterTree.withMaps((Record) network, (path, map) -> {
            String module = module(map);
            if (path.startsWith("head.") || path.startsWith("pooler") || !tune.targets(module)) {
                return map;
            }
            int in = map.weight().in();
            Tensor down = draw.uniform(1 / Math.sqrt(in), tune.rank(), in);
            LowRank update = new LowRank(down, Tensor.zeros(map.weight().out(), tune.rank()), tune.scale());
            updates.put(module, update);
            return map.updated(update);
        });
        if (updates.isEmpty()) {
            throw new RecipeException("no matrix of the model has a name that ends in "
                    + String.join(" or ", tune.targets()) + "; its first is "
                    + source.tensors().getFirst().name());
        }
        return (Network) updated;
    }

    private String module(Linear map) {
        String name = source.name(Objects.requireNonNull(map.weight().matrix(), "a learned weight"));
        return name.substring(0, name.length() - WEIGHT.length());
    }

    /// The tensors of a model of its own: matrices with their updates added.
    List<NamedTensor> merged() {
        return source.tensors().stream()
                .map(tensor -> merged((NamedTensor.Floats) tensor))
                .toList();
    }

    private NamedTensor merged(NamedTensor.Floats tensor) {
        LowRank update = tensor.name().endsWith(WEIGHT)
                ? updates.get(tensor.name().substring(0, tensor.name().length() - WEIGHT.length()))
                : null;
        if (update != null) {
            update.addTo(tensor.values()); // which is a copy
        }
        return tensor;
    }

    /// The tensors of an adapter, under the names that PEFT reads.
    ///
    /// @param head the other parameters that were learned
    List<NamedTensor> adapter(List<Parameter> head) {
        List<NamedTensor> tensors = new ArrayList<>();
        updates.forEach((module, update) -> {
            tensors.add(named(WRAPPED + module + ".lora_A.weight", update.down()));
            tensors.add(named(WRAPPED + module + ".lora_B.weight", update.up()));
        });
        for (Parameter parameter : head) {
            tensors.add(named(WRAPPED + source.name(parameter.value()), parameter.value()));
        }
        return tensors;
    }

    private static NamedTensor named(String name, Tensor tensor) {
        return NamedTensor.of(
                name, Arrays.stream(tensor.shape().toArray()).boxed().toList(), tensor.toArray());
    }

    /// The `adapter_config.json` of PEFT.
    ///
    /// @param base the reference of the model below
    /// @param head the other parameters that were learned
    String config(String base, List<Parameter> head) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("peft_type", "LORA");
        config.put("task_type", "SEQ_CLS");
        config.put("base_model_name_or_path", base);
        config.put("inference_mode", true);
        config.put("r", tune.rank());
        config.put("lora_alpha", tune.alpha());
        config.put("lora_dropout", tune.dropout());
        config.put("bias", "none");
        config.put("fan_in_fan_out", false);
        config.put("use_rslora", false);
        config.put("use_dora", false);
        config.put("target_modules", updates.keySet().stream().sorted().toList());
        config.put("modules_to_save", savedModules(head));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    /// The modules right below the model: `classifier`, and `pooler` inside `bert`.
    private List<String> savedModules(List<Parameter> head) {
        String module = updates.keySet().iterator().next();
        String network = module.substring(0, module.indexOf('.') + 1);
        TreeSet<String> modules = new TreeSet<>();
        for (Parameter parameter : head) {
            String name = source.name(parameter.value());
            String inside = name.startsWith(network) ? name.substring(network.length()) : name;
            modules.add(inside.substring(0, inside.indexOf('.')));
        }
        return List.copyOf(modules);
    }
}
