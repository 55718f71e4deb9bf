package heed.recipe;

import heed.autograd.Parameter;
import heed.family.Network;
import heed.training.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What learns to sort texts into classes.
interface ClassifierModel {
    Network network();

    /// The folder of its tokenizer.
    Path tokenizerFolder();

    /// The parameters that learn.
    List<Parameter> learned();

    /// What is special about training it.
    default Trainer.Settings settings(Trainer.Settings usual) {
        return usual;
    }

    /// Writes the model as it is now.
    void write(Path folder) throws IOException;
}
