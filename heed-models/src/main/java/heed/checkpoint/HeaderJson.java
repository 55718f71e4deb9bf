package heed.checkpoint;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// Walks a JSON object token by token, so that a large header costs no more than the entries kept from it.
final class HeaderJson implements AutoCloseable {
    /// The limit of the reference implementation, which serves an index as well.
    static final int LARGEST = 100_000_000;

    /// Names are not canonicalised: they would stay in a table that outlives the file they came from.
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private final MappedFile file;
    private final String what;
    private final JsonParser parser;

    /// @param what "header" or "index", for messages
    private HeaderJson(MappedFile file, String what, JsonParser parser) {
        this.file = file;
        this.what = what;
        this.parser = parser;
    }

    static HeaderJson open(MappedFile file, String what, long offset, int length) {
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file.copy(offset, length)));
        } catch (CharacterCodingException e) {
            throw file.refusal("the " + what + " is not JSON: it is not UTF-8", e);
        }
        return new HeaderJson(
                file,
                what,
                JSON.createParser(ObjectReadContext.empty(), text.array(), text.arrayOffset(), text.length()));
    }

    /// Reads the text as one object; `property` gets each name while the parser stands on its value.
    void readAll(Consumer<String> property) {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw file.refusal("the " + what + " is not a JSON object");
            }
            properties(property);
            if (parser.nextToken() != null) {
                throw file.refusal("the " + what + " goes on after its JSON object");
            }
        } catch (JacksonException e) {
            throw file.refusal(
                    "the " + what + " is not JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse("unreadable"),
                    e);
        }
    }

    /// Reads the object that the parser stands on, in the same way.
    void readObject(String role, Consumer<String> property) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw file.refusal(role + " is not a JSON object");
        }
        properties(property);
    }

    private void properties(Consumer<String> property) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            property.accept(name);
        }
    }

    String readString(String role) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw file.refusal(role + " is not a string");
        }
        return parser.getString();
    }

    /// Reads an array of whole numbers.
    void readNumbers(String role, LongConsumer number) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw file.refusal(role + " is not an array");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw file.refusal(role + " holds something other than whole numbers");
            }
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw file.refusal(role + " holds " + Quoted.of(parser.getString()) + ", which is out of range");
            }
            number.accept(parser.getLongValue());
        }
    }

    void skip() {
        parser.skipChildren();
    }

    @Override
    public void close() {
        parser.close();
    }
}
