/// Looking inside: attention as text, pictures and pages.
module heed.lens {
    requires transitive heed.models;
    requires static transitive org.jspecify;

    exports heed.lens;
    exports heed.lens.capture;
}
