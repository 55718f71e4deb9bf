package heed.cli;

import heed.checkpoint.NamedTensor;
import heed.checkpoint.SafetensorsWriter;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.model.Outputs;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Run a model on one text, or on token ids, and write what it computes as safetensors, under Hugging"
                        + " Face's names.",
        footerHeading = "%nExample:%n",
        footer = {
            "  heed run --model minilm --text \"the bank\" --hidden-states --attentions --out bank.safetensors",
            "  heed run --model ./tiny-bert --ids 2,17,9,3 --out tiny.safetensors"
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Input input;

    static final class Input {
        @Option(names = "--text", paramLabel = "TEXT", required = true, description = "The text.")
        @Nullable
        String text;

        @Option(
                names = "--ids",
                paramLabel = "1,2,3",
                required = true,
                split = ",",
                description = "Token ids, the special ones included.")
        int @Nullable [] ids;
    }

    @Option(names = "--pair", paramLabel = "TEXT", description = "A second text, after --text.")
    private @Nullable String pair;

    @Option(
            names = "--type-ids",
            paramLabel = "0,0,1",
            split = ",",
            description = "The segment of each of --ids. Default: 0")
    private int @Nullable [] typeIds;

    @Option(
            names = "--decoder-ids",
            paramLabel = "0,4,5",
            split = ",",
            description = "Token ids of the decoder of a model that has an encoder as well. Default: the one that every"
                    + " target begins with")
    private int @Nullable [] decoderIds;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            description = "The safetensors file to write.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--hidden-states", description = "Also hidden_states.N, the output of every layer.")
    private boolean hiddenStates;

    @Option(names = "--attentions", description = "Also attentions.N, the weights of every layer.")
    private boolean attentions;

    @Override
    public Integer call() throws IOException {
        if (input.text == null && pair != null) {
            throw new ParameterException(spec.commandLine(), "--pair goes with --text");
        }
        if (input.ids == null && typeIds != null) {
            throw new ParameterException(spec.commandLine(), "--type-ids goes with --ids");
        }
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("there is no folder " + folder + " to write to");
        }
        PrintWriter err = spec.commandLine().getErr();
        try (Model opened = model.open(err)) {
            Map<String, Tensor> outputs = Outputs.of(
                    opened,
                    batch(opened),
                    decoderIds == null ? null : TokenBatch.of(decoderIds),
                    hiddenStates,
                    attentions);
            List<NamedTensor> tensors = outputs.entrySet().stream()
                    .<NamedTensor>map(entry -> new NamedTensor.Floats(
                            entry.getKey(),
                            Arrays.stream(entry.getValue().shape().toArray())
                                    .boxed()
                                    .toList(),
                            entry.getValue().toArray()))
                    .toList();
            SafetensorsWriter.write(out, tensors);
            err.println("heed: wrote " + String.join(", ", summary(outputs)) + " to " + out);
        }
        return 0;
    }

    private TokenBatch batch(Model opened) {
        if (input.text != null) {
            return Model.batchOf(opened.encode(input.text, pair));
        }
        int[] ids = input.ids == null ? new int[0] : input.ids;
        int[] types = typeIds == null ? new int[ids.length] : typeIds;
        if (types.length != ids.length) {
            throw new IllegalArgumentException("--ids has " + ids.length + " tokens, --type-ids has " + types.length);
        }
        return new TokenBatch(ids, types, Sequences.single(ids.length));
    }

    private static List<String> summary(Map<String, Tensor> outputs) {
        Map<String, Integer> groups = new LinkedHashMap<>();
        List<String> all = new ArrayList<>();
        outputs.forEach((name, tensor) -> {
            int dot = name.lastIndexOf('.');
            if (dot < 0) {
                all.add(name + " " + tensor.shape());
            } else {
                groups.merge(name.substring(0, dot), 1, Integer::sum);
            }
        });
        groups.forEach((name, count) -> all.add(count + " " + name));
        return all;
    }
}
