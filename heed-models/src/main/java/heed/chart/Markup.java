package heed.chart;

/// Text inside of SVG and HTML.
public final class Markup {
    private Markup() {}

    /// A text as it stands in an element or between quotation marks.
    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
