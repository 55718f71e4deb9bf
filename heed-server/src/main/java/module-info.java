/// Looking inside over HTTP: the explorer's API and its page.
module heed.server {
    requires transitive heed.lens;
    requires io.helidon.webserver;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports heed.server;
}
