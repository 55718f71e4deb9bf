/// Looking inside: attention as text, pictures and pages.
module heed.lens {
    requires transitive heed.models;
    requires tools.jackson.databind;
    requires java.management;
    requires jdk.management;
    requires static transitive org.jspecify;

    exports heed.claims;
    exports heed.lens;
    exports heed.lens.capture;
    exports heed.lens.roles;
    exports heed.lens.senses;
    exports heed.timing;
}
