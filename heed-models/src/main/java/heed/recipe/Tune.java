package heed.recipe;

import heed.recipe.Tune.LowRankUpdates.Saved;
import java.util.List;

/// Which parameters of a model are learned when it is taught something new.
sealed interface Tune {
    /// All.
    record Full() implements Tune {
        @Override
        public String toString() {
            return "full";
        }
    }

    /// Those of the head alone.
    record HeadAlone() implements Tune {
        @Override
        public String toString() {
            return "head";
        }
    }

    /// The head, and an update of low rank beside some matrices, which stay (LoRA, Hu et al. 2021).
    ///
    /// @param rank r
    /// @param alpha an update counts `alpha / rank`
    /// @param targets what the last parts of the names of the matrices are, such as `query`
    record LowRankUpdates(int rank, double alpha, double dropout, List<String> targets, Saved saved) implements Tune {
        /// What becomes of the updates in the end.
        enum Saved {
            /// They are added to the matrices.
            MERGED,
            /// They are written alone, as Hugging Face's PEFT does.
            ADAPTER
        }

        float scale() {
            return (float) (alpha / rank);
        }

        /// @param module such as `bert.encoder.layer.0.attention.self.query`
        boolean targets(String module) {
            return targets.stream().anyMatch(target -> module.equals(target) || module.endsWith("." + target));
        }

        @Override
        public String toString() {
            return "lora of rank " + rank;
        }
    }

    /// What queries and values are projected by in the families that can be taught, as in Hu et al. 2021, §4.2.
    List<String> QUERIES_AND_VALUES =
            List.of("query", "value", "q_lin", "v_lin", "q_proj", "v_proj", "SelfAttention.q", "SelfAttention.v");

    static Tune read(Section root) {
        Section lora = root.part("lora");
        LowRankUpdates updates = new LowRankUpdates(
                lora.integer("rank", 8, 1),
                lora.number("alpha", 16.0, Double.MIN_VALUE, Double.POSITIVE_INFINITY),
                lora.number("dropout", 0.0, 0, 1),
                lora.texts("targets", QUERIES_AND_VALUES),
                lora.choice("save", "merged", "merged", "adapter").equals("adapter") ? Saved.ADAPTER : Saved.MERGED);
        return switch (root.choice("tune", "full", "full", "head", "lora")) {
            case "head" -> new HeadAlone();
            case "lora" -> updates;
            default -> new Full();
        };
    }
}
