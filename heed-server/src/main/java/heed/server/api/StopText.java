package heed.server.api;

import java.util.List;

/// Text that comes in pieces, up to where the first of some strings begins in it. What may yet turn out to be
/// the beginning of such a string is held back.
final class StopText {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    StopText(List<String> stops) {
        this.stops = stops;
    }

    /// What is certain to come before any of the strings, with this piece.
    String add(String piece) {
        if (stopped) {
            return "";
        }
        held.append(piece);
        int end = -1;
        for (String stop : stops) {
            int found = held.indexOf(stop);
            end = found >= 0 && (end < 0 || found < end) ? found : end;
        }
        stopped = end >= 0;
        int certain = stopped ? end : held.length() - unfinished();
        String text = held.substring(0, certain);
        held.delete(0, stopped ? held.length() : certain);
        return text;
    }

    /// The longest end of what is held that a string may begin with.
    private int unfinished() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    /// What was held back, when nothing more comes.
    String finish() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    /// Whether one of the strings came.
    boolean stopped() {
        return stopped;
    }
}
