package heed.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which files of a repository make a model here. A repository often holds the same weights several times, for
/// other frameworks; only one copy is fetched.
///
/// @param small configuration and tokenizer
/// @param weights the weights, or the index of their parts
record RepositoryFiles(List<String> small, List<String> weights) {
    static final String INDEX = "model.safetensors.index.json";
    static final List<String> TOKENIZERS = List.of(
            "tokenizer.json",
            "vocab.txt",
            "vocab.json",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "source.spm");

    private static final List<String> SMALL = List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "source.spm",
            "target.spm",
            "modules.json",
            "sentence_bert_config.json",
            "config_sentence_transformers.json",
            "1_Pooling/config.json");

    /// The first of these that there is, is taken.
    private static final List<String> WEIGHTS = List.of("model.safetensors", INDEX, "onnx/model.onnx", "model.onnx");

    private static final Set<String> PICKLES = Set.of("pytorch_model.bin", "pytorch_model.bin.index.json");

    /// What to ask for one by one when a server does not list what it has.
    static List<String> usual() {
        List<String> names = new ArrayList<>(SMALL);
        names.addAll(WEIGHTS);
        names.addAll(PICKLES);
        return List.copyOf(names);
    }

    /// @throws HubException when nothing that can be read is among the files, or it is not clear which is meant
    static RepositoryFiles choose(HuggingFaceReference reference, Collection<String> files) {
        List<String> small = SMALL.stream().filter(files::contains).toList();
        if (reference.variant().isEmpty() && small.contains("config.json")) {
            Optional<String> weights = WEIGHTS.stream().filter(files::contains).findFirst();
            if (weights.isPresent()) {
                String data = weights.get() + "_data"; // where ONNX keeps what is too large for one message
                return new RepositoryFiles(
                        small, files.contains(data) ? List.of(weights.get(), data) : List.of(weights.get()));
            }
        }
        List<String> gguf =
                files.stream().filter(RepositoryFiles::isGguf).sorted().toList();
        if (!gguf.isEmpty()) {
            return new RepositoryFiles(List.of(), List.of(one(reference, gguf)));
        }
        throw nothingToRead(reference, files);
    }

    static boolean isGguf(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    static boolean isVariant(String name, String variant) {
        return name.toLowerCase(Locale.ROOT).contains(variant.toLowerCase(Locale.ROOT));
    }

    /// The file that is meant: the only one, or the one whose name has the variant.
    static String one(HuggingFaceReference reference, List<String> gguf) {
        String variant = reference.variant().orElse("");
        List<String> meant =
                gguf.stream().filter(name -> isVariant(name, variant)).toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        String bare = HuggingFaceReference.of(reference.repository(), reference.revision())
                .toString();
        String found = meant.isEmpty()
                ? "no GGUF file with '" + variant + "' in its name"
                : meant.size() + " GGUF files" + (variant.isEmpty() ? "" : " with '" + variant + "' in their names");
        throw new HubException("%s has %s: it has %s; name one by a part of its name, as in %s:Q8_0"
                .formatted(bare, found, String.join(", ", gguf.stream().limit(8).toList()), bare));
    }

    private static HubException nothingToRead(HuggingFaceReference reference, Collection<String> files) {
        if (files.stream().anyMatch(name -> PICKLES.contains(name) || name.matches("pytorch_model.*\\.bin"))) {
            return new HubException(
                    "%s holds its weights only as Python pickles, which can run code when they are loaded, so they are"
                                    .formatted(reference)
                            + " not read here; convert them to model.safetensors (in Python: model.save_pretrained(folder))");
        }
        if (reference.variant().isPresent()) {
            return new HubException(
                    "%s has no GGUF file, so there are no variants to choose from".formatted(reference));
        }
        String found = files.isEmpty()
                ? "it is empty"
                : "it has "
                        + String.join(
                                ", ", new TreeSet<>(files).stream().limit(8).toList());
        return new HubException("%s has no model that can be read here: config.json and %s, or a GGUF file; %s"
                .formatted(reference, String.join(" or ", WEIGHTS), found));
    }
}
