package heed.family;

import heed.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// How a checkpoint's own tensor names become the ones that a [WeightTable] is written in: rules applied one
/// after the other. Old spellings and other frameworks are rules, not code paths.
///
/// @param prefix of the names inside a larger model, as Hugging Face writes them today; empty for none
/// @param transposed which of the checkpoint's own names hold matrices as `[in, out]` instead of `[out, in]`
record Naming(String what, String prefix, List<Rule> rules, Pattern transposed) {
    private static final Pattern NOTHING = Pattern.compile("(?!)");

    /// The names of Hugging Face's BERT, of any age: as converted from TensorFlow in 2018, norms have gamma and
    /// beta.
    static final Naming BERT = below("bert");

    /// The names of Google's BERT in TensorFlow, whose dense kernels are `[in, out]`.
    static final Naming BERT_TENSORFLOW = new Naming(
            "TensorFlow",
            "bert",
            List.of(
                    rule("^module/", ""), // inside a TensorFlow Hub module
                    rule("^bert/", ""),
                    rule("^cls/predictions/output_bias$", "cls/predictions/bias"),
                    rule("^cls/seq_relationship/output_weights$", "cls/seq_relationship/weight"),
                    rule("^cls/seq_relationship/output_bias$", "cls/seq_relationship/bias"),
                    rule("_embeddings$", "_embeddings/weight"),
                    rule("/layer_(\\d+)/", "/layer/$1/"),
                    rule("LayerNorm/gamma$", "LayerNorm/weight"),
                    rule("LayerNorm/beta$", "LayerNorm/bias"),
                    rule("/kernel$", "/weight"),
                    rule("/", ".")),
            Pattern.compile(".*/kernel"));

    /// The names of Hugging Face, with or without the prefix of a network inside a larger one.
    ///
    /// @param prefix written in files
    /// @param others read as well
    static Naming below(String prefix, String... others) {
        List<String> prefixes = new ArrayList<>(List.of(others));
        prefixes.add(prefix);
        return new Naming(
                "Hugging Face",
                prefix,
                List.of(
                        rule("^(" + String.join("|", prefixes) + ")\\.", ""),
                        rule("LayerNorm\\.gamma$", "LayerNorm.weight"),
                        rule("LayerNorm\\.beta$", "LayerNorm.bias")),
                NOTHING);
    }

    /// Names that are written one way only, as by Heed.
    static Naming plain() {
        return new Naming("Heed", "", List.of(), NOTHING);
    }

    /// The same with matrices that are stored `[in, out]`.
    ///
    /// @param names of those matrices, as a regular expression
    Naming transposing(String names) {
        return new Naming(what, prefix, rules, Pattern.compile(names));
    }

    /// A replacement in a name.
    record Rule(Pattern from, String to) {}

    private static Rule rule(String from, String to) {
        return new Rule(Pattern.compile(from), to);
    }

    /// The naming of a BERT checkpoint; TensorFlow's names have slashes.
    static Naming ofBert(Checkpoint checkpoint) {
        return checkpoint.tensors().keySet().stream().anyMatch(name -> name.contains("/")) ? BERT_TENSORFLOW : BERT;
    }

    String canonical(String name) {
        String result = name;
        for (Rule rule : rules) {
            result = rule.from.matcher(result).replaceAll(rule.to);
        }
        return result;
    }

    /// The name of a tensor of the network inside a model with a head, in a file of ours.
    String prefixed(String canonical) {
        return prefix.isEmpty() ? canonical : prefix + "." + canonical;
    }

    boolean transposed(String name) {
        return transposed.matcher(name).matches();
    }
}
