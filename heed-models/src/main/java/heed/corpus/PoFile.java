package heed.corpus;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A catalogue of gettext to be translated (`.po`, `.pot`): its entries, with every line as it stands in the
/// file (GNU gettext manual, §10.1).
///
/// @param entries in the order of the file; the header is the one whose [PoEntry#id] is empty
public record PoFile(List<PoEntry> entries) {
    private static final Pattern CHARSET = Pattern.compile("charset=([\\w.:-]+)");
    private static final Pattern PLURALS = Pattern.compile("nplurals\\s*=\\s*(\\d+)");

    public PoFile {
        entries = List.copyOf(entries);
    }

    /// @throws CorpusException naming the line that does not belong
    public static PoFile read(Path file) {
        return parse(decode(Charsets.bytes(file), file.toString()), file.toString());
    }

    /// In the charset that the header says.
    private static String decode(byte[] bytes, String name) {
        Matcher said = CHARSET.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        boolean says = said.find() && !said.group(1).equals("CHARSET");
        Charset charset = says ? Charsets.named(said.group(1), name) : StandardCharsets.UTF_8;
        String text = Charsets.text(bytes, charset, name);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /// @param name of the file, for messages
    /// @throws CorpusException naming the line that does not belong
    public static PoFile parse(String text, String name) {
        return new PoFile(new PoParser(text, name).entries());
    }

    /// The entry that says what the catalogue is.
    public Optional<PoEntry> header() {
        return entries.stream()
                .filter(entry -> entry.isText()
                        && entry.id().isEmpty()
                        && entry.context().isEmpty())
                .findFirst();
    }

    /// How many forms a text with a plural has: what the header says, else two.
    public int plurals() {
        Matcher said = PLURALS.matcher(
                header().map(header -> header.translations().getFirst()).orElse(""));
        return said.find() ? Math.clamp(Long.parseLong(said.group(1)), 1, 6) : 2;
    }

    /// What is translated and not fuzzy; of a text with a plural, the singular and the plural with their first
    /// and last forms.
    ///
    /// @param name of the file, which with the line is the origin
    public List<TextPair> pairs(String name) {
        List<TextPair> pairs = new ArrayList<>();
        for (PoEntry entry : entries) {
            if (!entry.isTranslated() || entry.id().isEmpty() || entry.isFuzzy()) {
                continue;
            }
            String origin = name + ":" + entry.line();
            pairs.add(new TextPair(entry.id(), entry.translations().getFirst(), origin));
            entry.plural()
                    .ifPresent(plural ->
                            pairs.add(new TextPair(plural, entry.translations().getLast(), origin)));
        }
        return pairs;
    }

    /// The text of the file, in UTF-8: the header says so.
    public String text() {
        StringBuilder text = new StringBuilder();
        for (PoEntry entry : entries) {
            for (String line : entry.lines()) {
                text.append(line).append('\n');
            }
        }
        return header().isEmpty() ? text.toString() : inUtf8(text.toString());
    }

    private static String inUtf8(String text) {
        Matcher said = CHARSET.matcher(text);
        return said.find() ? text.substring(0, said.start(1)) + "UTF-8" + text.substring(said.end(1)) : text;
    }
}
