package heed.moderation.drift;

import heed.moderation.Decision;
import heed.moderation.LabelScorer.Score;
import heed.text.Encoding;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/// How far the latest comments are from a reference. It keeps where their scores lie and no text. Safe for any
/// number of threads.
public final class DriftMonitor {
    /// Of fewer comments chance alone looks like a change.
    static final int LEAST = 200;

    private final Reference reference;
    private final int latest;
    private final OptionalInt unknownId;
    private final Deque<Seen> seen = new ArrayDeque<>();
    private final Map<String, long[]> counts = new LinkedHashMap<>(); // of scores, by label
    private final List<String> scripts;
    private final long[] scriptCounts; // the last is of all others
    private final Deque<int[]> texts = new ArrayDeque<>(); // tokens and unknown ones
    private long tokens;
    private long unknown;

    /// @param places of the scores, in the order of the reference's labels; −1 where there is none
    private record Seen(int[] places, int script) {}

    /// @param latest how many comments are compared
    /// @param unknownId the token for what the model does not know; empty where it knows all
    public DriftMonitor(Reference reference, int latest, OptionalInt unknownId) {
        this.reference = reference;
        this.latest = latest;
        this.unknownId = unknownId;
        reference.scores().forEach((label, histogram) -> counts.put(label, new long[histogram.counts().length]));
        this.scripts = List.copyOf(new TreeSet<>(reference.scripts().keySet()));
        this.scriptCounts = new long[scripts.size() + 1];
    }

    /// A comment was judged.
    public synchronized void decided(String text, Decision decision) {
        int[] places = new int[counts.size()];
        int at = 0;
        for (Map.Entry<String, Histogram> entry : reference.scores().entrySet()) {
            Score score = decision.scores().get(entry.getKey());
            places[at++] = score == null ? -1 : entry.getValue().place(score.probability());
        }
        int script = scripts.indexOf(Scripts.of(text));
        Seen one = new Seen(places, script < 0 ? scripts.size() : script);
        seen.add(one);
        count(one, 1);
        if (seen.size() > latest) {
            count(seen.remove(), -1);
        }
    }

    private void count(Seen one, int by) {
        int at = 0;
        for (long[] histogram : counts.values()) {
            int place = one.places[at++];
            if (place >= 0) {
                histogram[place] += by;
            }
        }
        scriptCounts[one.script] += by;
    }

    /// Texts were read.
    public synchronized void read(List<Encoding> encodings) {
        for (Encoding encoding : encodings) {
            int[] text = {encoding.length(), (int) Reference.unknown(encoding, unknownId)};
            texts.add(text);
            tokens += text[0];
            unknown += text[1];
            if (texts.size() > latest) {
                int[] gone = texts.remove();
                tokens -= gone[0];
                unknown -= gone[1];
            }
        }
    }

    /// The population stability index of a label's scores; NaN while there are too few comments, or for a label
    /// that the reference lacks.
    public synchronized double scores(String label) {
        Histogram expected = reference.scores().get(label);
        long[] actual = counts.get(label);
        return expected == null || actual == null || seen.size() < LEAST
                ? Double.NaN
                : Histogram.stability(expected.counts(), actual);
    }

    /// The population stability index of the scripts that comments are in.
    public synchronized double scripts() {
        if (seen.size() < LEAST) {
            return Double.NaN;
        }
        long[] expected = new long[scriptCounts.length];
        for (int i = 0; i < scripts.size(); i++) {
            expected[i] = reference.scripts().getOrDefault(scripts.get(i), 0L);
        }
        return Histogram.stability(expected, scriptCounts);
    }

    /// The share of tokens that the model does not know.
    public synchronized double unknown() {
        return tokens == 0 ? Double.NaN : (double) unknown / tokens;
    }

    public Reference reference() {
        return reference;
    }
}
