package heed.family;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What a checkpoint's class adds to the bare network, as the end of the class's name says.
enum HeadKind {
    NONE("Model"),
    PRE_TRAINING("ForPreTraining"),
    MASKED_LM("ForMaskedLM"),
    NEXT_SENTENCE("ForNextSentencePrediction"),
    SEQUENCE_CLASSIFICATION("ForSequenceClassification"),
    TOKEN_CLASSIFICATION("ForTokenClassification"),
    QUESTION_ANSWERING("ForQuestionAnswering"),
    CONDITIONAL_GENERATION("ForConditionalGeneration"),
    TRANSLATION("MTModel"),
    CAUSAL_LM("ForCausalLM"),
    LM_HEAD("LMHeadModel"),
    ENCODER_ALONE("EncoderModel");

    private final String suffix;

    HeadKind(String suffix) {
        this.suffix = suffix;
    }

    /// The first class that `architectures` names, or the bare network's.
    ///
    /// @param family how the names of the family's classes begin
    /// @param supported the kinds that Heed computes
    static String architecture(ConfigFile file, String family, List<HeadKind> supported) {
        List<String> architectures = file.texts("architectures");
        String architecture = architectures.isEmpty() ? family + NONE.suffix : architectures.getFirst();
        List<String> names =
                supported.stream().map(kind -> family + kind.suffix).toList();
        if (!names.contains(architecture)) {
            throw file.refuse(
                    "architecture " + architecture + " is not supported; supported: " + String.join(", ", names));
        }
        return architecture;
    }

    /// The class of the same family with another head: `BertForSequenceClassification` of `BertModel`.
    String sibling(String architecture) {
        HeadKind own = Stream.of(values())
                .filter(kind -> architecture.endsWith(kind.suffix))
                .max(Comparator.comparingInt(kind -> kind.suffix.length()))
                .orElseThrow(() -> new IllegalArgumentException(architecture + " is no class of a known kind"));
        return architecture.substring(0, architecture.length() - own.suffix.length()) + suffix;
    }

    /// The kind of a class that [#architecture] returned.
    static HeadKind of(String architecture, String family) {
        for (HeadKind kind : values()) {
            if (architecture.equals(family + kind.suffix)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(architecture + " is no class of " + family);
    }
}
