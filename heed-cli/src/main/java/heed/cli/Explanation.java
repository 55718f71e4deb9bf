package heed.cli;

import heed.model.Model;
import heed.moderation.Explainer;
import heed.moderation.GradientExplainer;
import java.util.Arrays;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// How it is found out which words a score hangs on.
enum Explanation {
    OCCLUSION,
    GRADIENTS;

    Explainer of(Model model) {
        return switch (this) {
            case OCCLUSION -> Explainer.occlusion();
            case GRADIENTS -> new GradientExplainer(model);
        };
    }

    /// Takes what follows the option only if it is one of the words: a file may stand there.
    static final class OfOneWord implements IParameterPreprocessor {
        @Override
        public boolean preprocess(Stack<String> left, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            boolean attached = "=".equals(info.get("separator"));
            if (!attached && (left.isEmpty() || !isWord(left.peek()))) {
                left.push(OCCLUSION.name());
            }
            return false; // to be read as ever
        }

        private static boolean isWord(String argument) {
            return Arrays.stream(values()).anyMatch(value -> value.name().equalsIgnoreCase(argument));
        }
    }
}
