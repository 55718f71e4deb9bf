package heed.family;

/// A network that goes on with texts: what it makes of a token depends on that token and those before it.
public sealed interface CausalNetwork extends Network permits DecoderNetwork, RecurrentNetwork.Writer {
    /// Texts that are still to be written.
    ///
    /// @param sequences B
    /// @param positions room for as many in each sequence; more is found when needed
    Draft draft(int sequences, int positions);
}
