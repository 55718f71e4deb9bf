/// Models over HTTP: looking inside, with the explorer's API and its page, and asking, with many at once.
module heed.server {
    requires transitive heed.lens;
    requires heed.moderation;
    requires io.helidon.common.socket;
    requires io.helidon.http;
    requires io.helidon.logging.common;
    requires io.helidon.webserver;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports heed.server;
    exports heed.server.api;
    exports heed.serving;

    opens heed.server to
            tools.jackson.databind; // which writes what the routes answer

    provides io.helidon.logging.common.spi.LoggingProvider with
            heed.server.HelidonLogging;
}
