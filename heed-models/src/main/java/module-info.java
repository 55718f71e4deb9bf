/// Real models: checkpoints, tokenizers, families and the tasks they are put to.
module heed.models {
    requires transitive heed.transformer;
    requires tools.jackson.databind;
    requires ai.djl.tokenizers;
    requires ai.djl.api;
    requires org.apache.commons.compress;
    requires org.slf4j;
    requires org.yaml.snakeyaml;
    requires java.net.http;
    requires java.xml;
    requires org.apache.maven.resolver;
    requires org.apache.maven.resolver.connector.basic;
    requires org.apache.maven.resolver.impl;
    requires org.apache.maven.resolver.spi;
    requires org.apache.maven.resolver.transport.file;
    requires org.apache.maven.resolver.transport.jdk;
    requires org.apache.maven.resolver.util;
    requires maven.settings;
    requires maven.settings.builder;

    exports heed.chart;
    exports heed.chat;
    exports heed.checkpoint;
    exports heed.corpus;
    exports heed.family;
    exports heed.generation;
    exports heed.model;
    exports heed.recipe;
    exports heed.score;
    exports heed.subword;
    exports heed.task;
    exports heed.text;
    exports heed.hub;
}
