package heed.checkpoint;

/// Text out of a file, made fit for a one-line message: names come from strangers and may hold anything.
final class Quoted {
    private static final int LONGEST = 120;

    private Quoted() {}

    /// The text in single quotes, cut where it is long, with control characters and lone surrogates escaped.
    static String of(String text) {
        var quoted = new StringBuilder("'");
        int end = Math.min(text.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(end < text.length() ? "…'" : "'").toString();
    }
}
