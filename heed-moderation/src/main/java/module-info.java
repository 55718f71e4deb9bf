/// Comments judged: a classifier's calibrated scores, a policy, and a record of every decision.
module heed.moderation {
    requires transitive heed.models;
    requires org.yaml.snakeyaml;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports heed.moderation;
    exports heed.moderation.baseline;
    exports heed.moderation.drift;
    exports heed.moderation.stream;
}
