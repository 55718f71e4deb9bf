package heed.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Pairs in the two formats in XML that translators exchange: TMX 1.4 (translation memories) and XLIFF, 1.2 and
/// 2.0. Codes inside of a text become markup in it, which [Protection] keeps.
public final class PairXml {
    private final String name;
    private final XMLStreamReader xml;
    private final String sourceLanguage;
    private final String targetLanguage;
    private final List<TextPair> pairs = new ArrayList<>();

    private PairXml(String name, XMLStreamReader xml, String sourceLanguage, String targetLanguage) {
        this.name = name;
        this.xml = xml;
        this.sourceLanguage = sourceLanguage;
        this.targetLanguage = targetLanguage;
    }

    /// The pairs of a translation memory. A unit that lacks one of the languages is passed over.
    ///
    /// @param sourceLanguage such as `en`, which `en-US` is too
    /// @throws CorpusException naming the line that does not belong
    public static List<TextPair> tmx(Path file, String sourceLanguage, String targetLanguage) {
        return read(file, sourceLanguage, targetLanguage, PairXml::readMemory);
    }

    /// The pairs of a file to be translated. What has no target yet is passed over.
    ///
    /// @throws CorpusException naming the line that does not belong
    public static List<TextPair> xliff(Path file) {
        return read(file, "", "", PairXml::readExchange);
    }

    private interface Format {
        void read(PairXml file) throws XMLStreamException;
    }

    private static List<TextPair> read(Path file, String source, String target, Format format) {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false); // nothing from outside is ever read
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try (InputStream in = Files.newInputStream(file)) {
            PairXml reader = new PairXml(file.toString(), factory.createXMLStreamReader(in), source, target);
            format.read(reader);
            return reader.pairs;
        } catch (XMLStreamException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNumber();
            String what = String.valueOf(e.getMessage())
                    .replaceAll("(?s).*Message: ", "")
                    .strip();
            throw new CorpusException(file + ", line " + line + " is not well-formed XML: " + what, e);
        } catch (IOException e) {
            throw new CorpusException(
                    "cannot read " + file + ": " + (Files.exists(file) ? e.getMessage() : "there is no such file"), e);
        }
    }

    private void readMemory() throws XMLStreamException {
        expectRoot("tmx");
        Map<String, String> unit = new LinkedHashMap<>();
        String language = "";
        int line = 0;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("tu")) {
                unit.clear();
                line = line();
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals("tuv")) {
                language = Optional.ofNullable(xml.getAttributeValue("http://www.w3.org/XML/1998/namespace", "lang"))
                        .or(() -> Optional.ofNullable(xml.getAttributeValue(null, "lang")))
                        .orElseThrow(() -> new CorpusException(
                                name + ", line " + line() + " has a tuv that does not say its language (xml:lang)"));
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals("seg")) {
                unit.put(language.toLowerCase(Locale.ROOT), text());
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals("tu")) {
                add(in(unit, sourceLanguage), in(unit, targetLanguage), line);
            }
        }
    }

    private static Optional<String> in(Map<String, String> unit, String language) {
        String wanted = language.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(unit.get(wanted))
                .or(() -> unit.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(wanted + "-")
                                || entry.getKey().startsWith(wanted + "_"))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }

    private void readExchange() throws XMLStreamException {
        expectRoot("xliff");
        Optional<String> source = Optional.empty();
        Optional<String> target = Optional.empty();
        int line = 0;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "trans-unit", "segment" -> line = line();
                    case "alt-trans" -> skip();
                    case "source" -> source = Optional.of(text());
                    case "target" -> target = Optional.of(text());
                    default -> {}
                }
            } else if (event == XMLStreamConstants.END_ELEMENT && isUnit(xml.getLocalName())) {
                if (source.isEmpty()) {
                    throw new CorpusException(name + ", line " + line + " has a unit without a source");
                }
                add(source, target, line);
                source = Optional.empty();
                target = Optional.empty();
            }
        }
    }

    private static boolean isUnit(String element) {
        return element.equals("trans-unit") || element.equals("segment");
    }

    private void add(Optional<String> source, Optional<String> target, int line) {
        if (source.isPresent() && target.isPresent() && !target.get().isBlank()) {
            pairs.add(new TextPair(source.get(), target.get(), name + ":" + line));
        }
    }

    private void expectRoot(String element) throws XMLStreamException {
        while (xml.next() != XMLStreamConstants.START_ELEMENT) {
            // a declaration, a document type or a comment
        }
        if (!xml.getLocalName().equals(element)) {
            throw new CorpusException(name + ", line " + line() + " begins with <" + xml.getLocalName()
                    + ">, not with <" + element + ">");
        }
    }

    /// The text of the element that has begun, with codes in it as markup.
    private String text() throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        for (int depth = 1; depth > 0; ) {
            switch (xml.next()) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    text.append('<')
                            .append(xml.getLocalName())
                            .append(identity())
                            .append('>');
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (--depth > 0) {
                        text.append("</").append(xml.getLocalName()).append('>');
                    }
                }
                default -> {}
            }
        }
        return text.toString();
    }

    private String identity() {
        return Optional.ofNullable(xml.getAttributeValue(null, "id"))
                .map(id -> " id=\"" + id + "\"")
                .orElse("");
    }

    private void skip() throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            depth += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
        }
    }

    private int line() {
        return xml.getLocation().getLineNumber();
    }
}
