package heed.lens;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The tokens of one text as a reader should see them.
///
/// Tokenizers mark word boundaries in three ways: WordPiece puts `##` before a piece that continues a word,
/// SentencePiece puts `▁` and byte-level BPE puts `Ġ` before a piece that starts one. All three are shown in
/// the first way, which leaves whole words unmarked. Byte-level tokens are decoded, so `Ã©` reads `é`.
///
/// A label holds no control character, bidirectional control or lone surrogate: they become `\n` or
/// `\u001b`, so that a text can neither command a terminal nor break an XML document. A label that occurs
/// more than once is numbered in its order, `bank₁` and `bank₂`.
///
/// @param texts one label per token
/// @param special the places of tokens that the model adds around a text, such as `[CLS]`
/// @param words the places of tokens that are neither special nor only punctuation
public record TokenLabels(List<String> texts, BitSet special, BitSet words) {
    /// Tokens around a text. `[MASK]` and `[UNK]` stand for something in the text and are not among them.
    private static final Pattern SPECIAL = Pattern.compile("\\[(CLS|SEP|PAD|BOS|EOS)]"
            + "|</?s>|<(pad|bos|eos|cls|sep|start_of_turn|end_of_turn)>|<\\|.*\\|>|>>[A-Za-z_]+<<");

    private static final char WORD_START_BYTES = 'Ġ';
    private static final char LINE_END_BYTES = 'Ċ';
    private static final char WORD_START_PIECE = '▁';

    private enum Spelling {
        WORD_PIECE,
        SENTENCE_PIECE,
        BYTES
    }

    public static TokenLabels of(List<String> tokens) {
        Spelling spelling = spelling(tokens);
        List<String> labels = new ArrayList<>(tokens.size());
        BitSet special = new BitSet(tokens.size());
        BitSet words = new BitSet(tokens.size());
        boolean inWord = false;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (SPECIAL.matcher(token).matches()) {
                special.set(i);
                labels.add(escape(token));
                inWord = false;
                continue;
            }
            String text = spelling == Spelling.BYTES ? decodeBytes(token) : token;
            if (spelling == Spelling.SENTENCE_PIECE) {
                text = text.replace(WORD_START_PIECE, ' ');
            }
            if (text.codePoints().anyMatch(TokenLabels::isWordCharacter)) {
                words.set(i);
            }
            boolean continues = spelling != Spelling.WORD_PIECE && inWord && startsLikeWord(text);
            inWord = !text.isEmpty() && Character.isLetterOrDigit(text.codePointBefore(text.length()));
            String shown = text.isBlank() && !text.contains("\n") ? "␣" : escape(text.replaceAll("^ +| +$", ""));
            labels.add(continues ? "##" + shown : shown);
        }
        return new TokenLabels(numbered(labels), special, words);
    }

    public int size() {
        return texts.size();
    }

    public String get(int i) {
        return texts.get(i);
    }

    /// The places of all tokens, or of all that are not special.
    int[] shown(boolean specialTokens) {
        return IntStream.range(0, size())
                .filter(i -> specialTokens || !special.get(i))
                .toArray();
    }

    /// The special tokens by name, each once: `[CLS], [SEP]`.
    String specialNames() {
        return String.join(
                ", ",
                special.stream()
                        .mapToObj(i -> texts.get(i).replaceAll("[₀-₉]+$", ""))
                        .distinct()
                        .toList());
    }

    private static Spelling spelling(List<String> tokens) {
        boolean wordPiece = false;
        boolean bytes = false;
        boolean sentencePiece = false;
        for (String token : tokens) {
            wordPiece |= token.startsWith("##") || token.equals("[CLS]");
            bytes |= token.indexOf(WORD_START_BYTES) >= 0 || token.indexOf(LINE_END_BYTES) >= 0;
            sentencePiece |= !token.isEmpty() && token.charAt(0) == WORD_START_PIECE;
        }
        if (wordPiece) {
            return Spelling.WORD_PIECE;
        }
        if (sentencePiece) {
            return Spelling.SENTENCE_PIECE;
        }
        return bytes ? Spelling.BYTES : Spelling.WORD_PIECE;
    }

    private static boolean startsLikeWord(String text) {
        return !text.isEmpty() && Character.isLetterOrDigit(text.codePointAt(0));
    }

    /// Everything but punctuation, white space and unprintable characters: letters, digits, signs, emoji.
    private static boolean isWordCharacter(int character) {
        return switch (Character.getType(character)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT -> false;
            default -> true;
        };
    }

    private static List<String> numbered(List<String> labels) {
        Map<String, Integer> total = new HashMap<>();
        labels.forEach(label -> total.merge(label, 1, Integer::sum));
        Map<String, Integer> seen = new HashMap<>();
        List<String> numbered = new ArrayList<>(labels.size());
        for (String label : labels) {
            int occurrence = seen.merge(label, 1, Integer::sum);
            numbered.add(total.getOrDefault(label, 0) > 1 ? label + subscript(occurrence) : label);
        }
        return List.copyOf(numbered);
    }

    private static String subscript(int number) {
        StringBuilder digits = new StringBuilder();
        for (char digit : Integer.toString(number).toCharArray()) {
            digits.append((char) ('₀' + (digit - '0')));
        }
        return digits.toString();
    }

    /// Makes a text harmless to print: whatever a terminal or a bidirectional layout would obey is spelled out.
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            switch (character) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isHarmless(character)) {
                        escaped.appendCodePoint(character);
                    } else {
                        for (char unit : Character.toChars(character)) {
                            escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                        }
                    }
                }
            }
        });
        return escaped.toString();
    }

    /// The two joiners shape Indic and Persian words and emoji, and do nothing else; other format characters
    /// go.
    private static boolean isHarmless(int character) {
        int zeroWidthNonJoiner = 0x200C;
        int zeroWidthJoiner = 0x200D;
        boolean isNonCharacter = (character & 0xFFFE) == 0xFFFE;
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            case Character.FORMAT -> character == zeroWidthNonJoiner || character == zeroWidthJoiner;
            default -> !isNonCharacter;
        };
    }

    /// Byte-level BPE writes each byte as one visible character: printable Latin-1 ones as themselves, the
    /// others in order from U+0100. A token that ends within a character keeps its bytes, as `\xe2`.
    private static String decodeBytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = BYTE_OF.getOrDefault(token.charAt(i), -1);
            if (value < 0) {
                return token;
            }
            bytes[i] = (byte) value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException partOfCharacter) {
            StringBuilder hex = new StringBuilder();
            for (byte value : bytes) {
                if (value >= 0) {
                    hex.append((char) value);
                } else {
                    hex.append(String.format(Locale.ROOT, "\\x%02x", value & 0xFF));
                }
            }
            return hex.toString();
        }
    }

    private static final Map<Character, Integer> BYTE_OF = byteAlphabet();

    private static Map<Character, Integer> byteAlphabet() {
        Map<Character, Integer> byteOf = new HashMap<>();
        int next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value > ' ' && value < 0x7F) || (value > 0xA0 && value != 0xAD);
            byteOf.put((char) (printable ? value : next++), value);
        }
        return byteOf;
    }
}
