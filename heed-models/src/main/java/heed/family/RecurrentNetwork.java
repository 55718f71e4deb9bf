package heed.family;

import heed.pass.Pass;
import heed.pass.Site;
import heed.recurrent.RecurrentClassifier;
import heed.recurrent.RecurrentDecoder;
import heed.recurrent.RecurrentLanguageModel;
import heed.recurrent.RecurrentSource;
import heed.recurrent.RecurrentStack;
import heed.recurrent.RecurrentTranslator;
import heed.tensor.Sequences;
import heed.tensor.Tensor;

/// A recurrent network among the Transformers: what has no heads, and knows by its state where a token stands.
public sealed interface RecurrentNetwork extends Network {
    @Override
    RecurrentConfig config();

    /// There are no positions to leave out.
    @Override
    default RecurrentNetwork withoutPositions() {
        return this;
    }

    /// Sorts texts into classes.
    record Reader(RecurrentConfig config, RecurrentClassifier model) implements RecurrentNetwork {
        @Override
        public Head head() {
            return new Head.StateClassification(model);
        }

        @Override
        public Site.Stack reader() {
            return Site.Stack.ENCODER;
        }

        @Override
        public Tensor encode(TokenBatch batch, Pass pass) {
            return model.states(batch.ids(), batch.sequences(), pass);
        }
    }

    /// Goes on with texts.
    record Writer(RecurrentConfig config, RecurrentLanguageModel model) implements RecurrentNetwork, CausalNetwork {
        @Override
        public Head head() {
            return new Head.LanguageModel(1, model.head());
        }

        @Override
        public Site.Stack reader() {
            return Site.Stack.DECODER;
        }

        @Override
        public Tensor encode(TokenBatch batch, Pass pass) {
            return model.states(batch.ids(), batch.sequences(), null, pass).hidden();
        }

        @Override
        public Draft draft(int sequences, int positions) {
            return new RecurrentDraft(
                    sequences,
                    null,
                    (more, before, _, pass) -> model.states(more.ids(), more.sequences(), before, pass));
        }
    }

    /// Reads sources and writes about them.
    record Translator(RecurrentConfig config, RecurrentTranslator model) implements RecurrentNetwork, Seq2SeqNetwork {
        @Override
        public Head head() {
            return new Head.LanguageModel(1, model.head());
        }

        @Override
        public Site.Stack reader() {
            return Site.Stack.ENCODER;
        }

        @Override
        public int startId() {
            return config.startId();
        }

        @Override
        public Tensor encode(TokenBatch batch, Pass pass) {
            return model.read(batch.ids(), batch.sequences(), pass).memory().states();
        }

        @Override
        public ReadSources read(TokenBatch sources, Pass pass) {
            return new Sources(model, model.read(sources.ids(), sources.sequences(), pass));
        }

        private record Sources(RecurrentTranslator model, RecurrentSource source) implements ReadSources {
            @Override
            public Sequences sequences() {
                return source.memory().sequences();
            }

            @Override
            public Tensor write(TokenBatch targets, Pass pass) {
                return model.write(targets.ids(), targets.sequences(), source, null, pass)
                        .output();
            }

            @Override
            public ReadSources copy() {
                return new Sources(model, source.copy());
            }

            @Override
            public Draft draft(int positions) {
                return new RecurrentDraft(sequences().count(), source.start(), (more, before, chosen, pass) -> {
                    RecurrentDecoder.Written written =
                            model.write(more.ids(), more.sequences(), source.seenBy(chosen), before, pass);
                    return new RecurrentStack.Run(written.output(), written.after());
                });
            }
        }
    }
}
