package heed.lens;

import heed.model.AttentionMaps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// All heads of all layers as one HTML page that needs nothing else: no server, no library, no font.
///
/// Weights are embedded in 16 bits each, exact to a thousandth of a percent. A long text has more of them
/// than a page should carry (512 tokens in 144 heads: 37 million); then each token keeps its strongest keys
/// and the page says how much of the attention that is.
///
/// @param maps the weights to show
/// @param title the heading
/// @param text the text as it was written, or empty; the tokens are shown in any case
public record AttentionHtml(AttentionMaps maps, String title, String text) {
    /// Most numbers of 16 bits in a page: 8 MiB, in base64 about 11 million characters.
    private static final int MOST_VALUES = 4 << 20;

    /// With fewer keys per token a head would look emptier than it is.
    private static final int LEAST_KEPT = 4;

    private static final int SUGGESTED = 5;
    private static final int RAMP_STEPS = 64;

    /// A page with the usual heading.
    public AttentionHtml(AttentionMaps maps) {
        this(maps, "Where each word looks", "");
    }

    /// The same page with the text above it.
    public AttentionHtml withText(String text) {
        return new AttentionHtml(maps, title, text);
    }

    /// Writes the page in UTF-8.
    public void write(Path file) throws IOException {
        Files.writeString(file, html());
    }

    /// The page.
    ///
    /// @throws IllegalArgumentException where the text is too long for any page
    public String html() {
        TokenLabels labels = TokenLabels.of(maps.tokens());
        int kept = kept();
        Map<String, String> parts = Map.of(
                "title", escape(title),
                "model", escape(maps.model()),
                "size", maps.layers() + " layers × " + maps.heads() + " heads · " + labels.size() + " tokens",
                "text", escape(text.replaceAll("\\s+", " ").strip()),
                "style", resource("attention.css"),
                "script", resource("attention.js"),
                "data", data(labels, kept),
                "weights", Base64.getEncoder().encodeToString(kept == 0 ? all() : strongest(labels.special(), kept)));
        // One pass over the template alone, so that nothing a text contains is taken for a place to fill.
        return Pattern.compile("\\{\\{(\\w+)}}")
                .matcher(resource("attention.html"))
                .replaceAll(place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), "")));
    }

    /// How many keys of each row are embedded; 0 where all of them fit.
    private int kept() {
        long n = maps.tokens().size();
        long rows = n * maps.layers() * maps.heads();
        if (rows * n <= MOST_VALUES) {
            return 0;
        }
        long kept = MOST_VALUES / 2 / rows;
        if (kept < LEAST_KEPT) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%,d tokens in %d layers of %d heads are too much for one page; with these heads it can show %,d tokens",
                    n,
                    maps.layers(),
                    maps.heads(),
                    MOST_VALUES / 2 / LEAST_KEPT / (maps.layers() * maps.heads())));
        }
        return (int) Math.min(kept, n);
    }

    /// All weights, `[layers][heads][Tq][Tk]`, little-endian.
    private byte[] all() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (float[][][] layer : maps.weights()) {
            for (float[][] head : layer) {
                for (float[] row : head) {
                    for (float weight : row) {
                        put(bytes, fixed(weight));
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    /// The keys with the highest weights of each row, `[layers][heads][Tq][kept]`, and then these weights.
    private byte[] strongest(BitSet special, int kept) {
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        ByteArrayOutputStream weights = new ByteArrayOutputStream();
        for (float[][][] layer : maps.weights()) {
            for (float[][] head : layer) {
                for (float[] row : head) {
                    for (int key : strongest(row, special, kept)) {
                        put(keys, key);
                        put(weights, fixed(row[key]));
                    }
                }
            }
        }
        keys.writeBytes(weights.toByteArray());
        return keys.toByteArray();
    }

    /// A share in steps of 1/65535, of which no percentage is off by more than rounding; not a number is 0.
    private static int fixed(float weight) {
        return Math.round(65535 * Math.clamp(weight, 0f, 1f));
    }

    private static void put(ByteArrayOutputStream bytes, int value) {
        bytes.write(value);
        bytes.write(value >> 8);
    }

    /// Exactly `count` keys in their order; of equal weights the first. Special tokens come before all others,
    /// because the page names their share.
    private static int[] strongest(float[] row, BitSet special, int count) {
        float[] ranked = row.clone();
        special.stream().limit(count / 2).forEach(key -> ranked[key] += 1);
        float[] sorted = ranked.clone();
        Arrays.sort(sorted);
        float least = sorted[row.length - count];
        int equal = count;
        for (float weight : ranked) {
            equal -= weight > least ? 1 : 0;
        }
        int[] keys = new int[count];
        int found = 0;
        for (int j = 0; j < row.length && found < count; j++) {
            if (ranked[j] > least || (ranked[j] == least && equal-- > 0)) {
                keys[found++] = j;
            }
        }
        return keys;
    }

    private String data(TokenLabels labels, int kept) {
        HeadRanking ranking = HeadRanking.of(maps);
        HeadProfile[] profiles = new HeadProfile[maps.layers() * maps.heads()];
        for (HeadProfile profile : ranking.heads()) {
            profiles[profile.layer() * maps.heads() + profile.head()] = profile;
        }
        String worth = ranking.heads().stream()
                .filter(head -> head.linking() > 0)
                .limit(SUGGESTED)
                .map(head -> "[" + head.layer() + "," + head.head() + "]")
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"tokens\":" + strings(labels.texts())
                + ",\"special\":" + places(labels.special())
                + ",\"words\":" + places(labels.words())
                + ",\"specialNames\":" + string(labels.specialNames())
                + ",\"layers\":" + maps.layers()
                + ",\"heads\":" + maps.heads()
                + ",\"kept\":" + kept
                + ",\"leftOut\":" + string(leftOut(labels.special(), kept))
                + ",\"best\":[" + ranking.best().layer() + "," + ranking.best().head() + "]"
                + ",\"worth\":" + worth
                + ",\"profiles\":"
                + Arrays.stream(profiles).map(AttentionHtml::shares).collect(Collectors.joining(",", "[", "]"))
                + ",\"ramp\":{\"light\":" + colours(Ramp.LIGHT) + ",\"dark\":" + colours(Ramp.DARK) + "}}";
    }

    private String leftOut(BitSet special, int kept) {
        if (kept == 0) {
            return "";
        }
        double shown = 0;
        double total = 0;
        for (float[][][] layer : maps.weights()) {
            for (float[][] head : layer) {
                for (float[] row : head) {
                    for (int key : strongest(row, special, kept)) {
                        shown += row[key];
                    }
                    for (float weight : row) {
                        total += weight;
                    }
                }
            }
        }
        return "This text is long. The page holds, for every word in every head, the " + kept
                + " words it looks at most: " + Percent.of(total > 0 ? shown / total : 1)
                + " of all attention. The rest is left out and reads as 0 %.";
    }

    /// In the order in which the page lists them: others, special, itself, previous, next, and linking.
    private static String shares(HeadProfile head) {
        return String.format(
                Locale.ROOT,
                "[%.4f,%.4f,%.4f,%.4f,%.4f,%.4f]",
                head.others(),
                head.special(),
                head.itself(),
                head.previous(),
                head.next(),
                head.linking());
    }

    private static String colours(Ramp ramp) {
        return strings(IntStream.range(0, RAMP_STEPS)
                .mapToObj(step -> ramp.hex(step / (RAMP_STEPS - 1.0)))
                .toList());
    }

    private static String places(BitSet places) {
        return places.stream().mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static String strings(List<String> texts) {
        return texts.stream().map(AttentionHtml::string).collect(Collectors.joining(",", "[", "]"));
    }

    /// A JSON string that may stand in a script element: no `<` can end it.
    private static String string(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"'
                    || c == '\\'
                    || c == '<'
                    || c == '>'
                    || c == '&'
                    || c < ' '
                    || c == '\u2028'
                    || c == '\u2029') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /// Text for an element of HTML or XML; control characters are spelled out as in labels.
    static String escape(String text) {
        return TokenLabels.escape(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        try (InputStream in = AttentionHtml.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the module");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
