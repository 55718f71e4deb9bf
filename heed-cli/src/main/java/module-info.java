/// The `heed` command.
module heed.cli {
    requires heed.lens;
    requires heed.models;
    requires heed.moderation;
    requires heed.server;
    requires info.picocli;
    requires java.logging;
    requires java.management;
    requires java.net.http;
    requires me.tongfei.progressbar;
    requires tools.jackson.databind;
    requires static org.jspecify;

    uses heed.moderation.stream.StreamEngine;

    opens heed.cli.options to
            info.picocli;
    opens heed.cli to
            info.picocli;
    opens heed.cli.bench to
            info.picocli;
}
