package heed.lens.capture;

import heed.model.Model;
import heed.model.Models;
import java.nio.file.Path;

/// Small seeded checkpoints with tokenizers, one of each kind of network.
final class TinyModels {
    private static final Path GOLDEN = Path.of("..", "heed-models", "src", "test", "resources", "golden");

    private TinyModels() {}

    static Model encoder() {
        return Models.open(GOLDEN.resolve("bert/masked-lm"));
    }

    static Model decoder() {
        return Models.open(GOLDEN.resolve("generation/gpt2"));
    }

    static Model encoderDecoder() {
        return Models.open(GOLDEN.resolve("generation/t5"));
    }

    static Model translator() {
        return Models.open(GOLDEN.resolve("generation/marian"));
    }
}
