package heed.examples.spam;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A mail, or one part of it: headers, and a body that may have parts (RFC 5322, RFC 2045, RFC 2046).
///
/// @param headers by name in small letters; of several of one name the first
record Mail(Map<String, String> headers, String body) {
    private static final int DEEPEST = 8;
    private static final Pattern PARAMETER =
            Pattern.compile("(?i)\\b(boundary|charset)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;]+))");
    private static final Pattern QUOTED = Pattern.compile("=([0-9A-Fa-f]{2})|=[ \t]*\n");

    /// @param source as it came over the wire, a line of a mailbox (`From …`) before it or not
    static Mail parse(String source) {
        String text = source.replace("\r\n", "\n").replace('\r', '\n');
        Map<String, String> headers = new HashMap<>();
        int at = text.startsWith("From ") ? lineEnd(text, 0) : 0;
        String name = "";
        while (at < text.length() && text.charAt(at) != '\n') {
            int end = lineEnd(text, at);
            String line = text.substring(at, end).stripTrailing();
            int colon = line.indexOf(':');
            if (line.startsWith(" ") || line.startsWith("\t")) {
                headers.computeIfPresent(name, (_, value) -> value + " " + line.strip());
            } else if (colon > 0) {
                name = line.substring(0, colon).toLowerCase(Locale.ROOT);
                headers.putIfAbsent(name, line.substring(colon + 1).strip());
            }
            at = end;
        }
        return new Mail(headers, text.substring(Math.min(text.length(), at)));
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end + 1;
    }

    /// The value of a header; empty where there is none.
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /// What a person reads of it: its parts of plain text, or else those of HTML without the markup.
    String text() {
        List<String> plain = new ArrayList<>();
        List<String> html = new ArrayList<>();
        collect(plain, html, DEEPEST);
        String joined = String.join("\n\n", plain).strip();
        return joined.isEmpty() ? String.join("\n\n", html).strip() : joined;
    }

    private void collect(List<String> plain, List<String> html, int depth) {
        String type = header("content-type").toLowerCase(Locale.ROOT);
        String boundary = parameter("boundary");
        if (type.startsWith("multipart/") && !boundary.isEmpty() && depth > 0) {
            parts(boundary).forEach(part -> part.collect(plain, html, depth - 1));
        } else if (type.startsWith("message/") && depth > 0) {
            parse(body.stripLeading()).collect(plain, html, depth - 1);
        } else if (type.startsWith("text/html")) {
            html.add(MailText.ofHtml(decoded()));
        } else if (type.isEmpty() || type.startsWith("text")) {
            plain.add(decoded());
        }
    }

    private String parameter(String name) {
        Matcher matcher = PARAMETER.matcher(header("content-type"));
        while (matcher.find()) {
            if (matcher.group(1).equalsIgnoreCase(name)) {
                return matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            }
        }
        return "";
    }

    /// What stands between the lines that are the boundary; what is before the first and after the last is
    /// for nobody.
    private List<Mail> parts(String boundary) {
        List<Mail> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean inside = false;
        for (String line : body.split("\n", -1)) {
            if (line.startsWith("--" + boundary)) {
                if (inside) {
                    parts.add(parse(part.toString()));
                }
                part.setLength(0);
                inside = !line.startsWith("--" + boundary + "--");
            } else {
                part.append(line).append('\n');
            }
        }
        if (inside) { // a mail that was cut short
            parts.add(parse(part.toString()));
        }
        return parts;
    }

    private String decoded() {
        return switch (header("content-transfer-encoding").toLowerCase(Locale.ROOT)) {
            case "base64" -> fromBase64();
            case "quoted-printable" -> fromQuotedPrintable();
            default -> body;
        };
    }

    private String fromBase64() {
        try {
            return new String(Base64.getMimeDecoder().decode(body.strip().getBytes(StandardCharsets.UTF_8)), charset());
        } catch (IllegalArgumentException e) {
            return body; // it only says so
        }
    }

    private String fromQuotedPrintable() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher matcher = QUOTED.matcher(body);
        int from = 0;
        while (matcher.find()) {
            bytes.writeBytes(body.substring(from, matcher.start()).getBytes(charset()));
            if (matcher.group(1) != null) {
                bytes.write(Integer.parseInt(matcher.group(1), 16));
            }
            from = matcher.end();
        }
        bytes.writeBytes(body.substring(from).getBytes(charset()));
        return bytes.toString(charset());
    }

    private Charset charset() {
        try {
            return Charset.forName(parameter("charset"));
        } catch (IllegalArgumentException e) { // none, or one that nobody knows
            return StandardCharsets.ISO_8859_1;
        }
    }
}
