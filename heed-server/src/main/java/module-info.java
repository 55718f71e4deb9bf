/// Looking inside over HTTP: the explorer's API and its page.
module heed.server {
    requires transitive heed.lens;
    requires io.helidon.http;
    requires io.helidon.logging.common;
    requires io.helidon.webserver;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports heed.server;

    provides io.helidon.logging.common.spi.LoggingProvider with
            heed.server.HelidonLogging;
}
