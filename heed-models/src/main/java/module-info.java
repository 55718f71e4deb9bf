/// Real models: checkpoints, tokenizers, families and the tasks they are put to.
module heed.models {
    requires transitive heed.transformer;
    requires tools.jackson.databind;
    requires ai.djl.tokenizers;
    requires ai.djl.api;
    requires org.slf4j;

    exports heed.checkpoint;
    exports heed.family;
    exports heed.model;
    exports heed.task;
    exports heed.text;
}
