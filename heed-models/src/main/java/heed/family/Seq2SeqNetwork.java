package heed.family;

import heed.pass.Pass;

/// A network that reads sources and writes about them: an encoder and a decoder, whatever they are made of.
/// Training, decoding and scoring see both kinds through this.
public sealed interface Seq2SeqNetwork extends Network permits EncoderDecoderNetwork, RecurrentNetwork.Translator {
    /// The token that every target begins with.
    int startId();

    ReadSources read(TokenBatch sources, Pass pass);
}
