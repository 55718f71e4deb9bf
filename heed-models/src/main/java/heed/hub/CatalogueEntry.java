package heed.hub;

import java.util.Map;
import java.util.Optional;

/// A model that Heed knows by a short name.
///
/// @param alias the short name
/// @param reference what the name stands for: `maven:group:artifact:version`
/// @param description what the model is, in one line
/// @param licence the licence of the weights, as an SPDX identifier
/// @param downloadBytes size of what is downloaded
/// @param parameters how many learned numbers the checkpoint holds
/// @param embedding how the model turns a text into one vector, when it was trained to
public record CatalogueEntry(
        String alias,
        String reference,
        String description,
        String licence,
        long downloadBytes,
        long parameters,
        Optional<Embedding> embedding) {

    /// From hidden states to the vector of a text.
    ///
    /// @param pooling which hidden states count
    /// @param normalize whether the vector is scaled to length 1
    /// @param maxTokens longer texts are cut off there
    /// @param prompts what to put before a text, by its role ("query", "passage")
    public record Embedding(Pooling pooling, boolean normalize, int maxTokens, Map<String, String> prompts) {}

    /// Which hidden states of the last layer make the vector of a text.
    public enum Pooling {
        /// The mean over all tokens.
        MEAN,
        /// The one of the first token, `[CLS]`.
        CLS
    }
}
