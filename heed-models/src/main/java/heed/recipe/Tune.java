package heed.recipe;

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

    static Tune read(Section root) {
        return switch (root.choice("tune", "full", "full", "head")) {
            case "head" -> new HeadAlone();
            default -> new Full();
        };
    }
}
