package heed.text;

import static heed.text.TokenizerJson.metaspace;
import static heed.text.TokenizerJson.replace;

import heed.checkpoint.SentencePieceModel;
import heed.checkpoint.SentencePieceModel.Piece;
import heed.checkpoint.SentencePieceModel.PieceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Marian's tokenizer: a SentencePiece model of the source language cuts a text, `vocab.json` numbers the
/// pieces of both languages. So texts are encoded with the pieces of the one and decoded with all.
final class MarianTokenizer implements Tokenizer {
    /// Begins the names of pieces that only the target language has: no text that was normalised holds it.
    private static final String ELSEWHERE = "\u0000";

    private final Tokenizer source;
    private final Tokenizer all;
    private final int size;
    private final int unknown;

    private MarianTokenizer(Tokenizer source, Tokenizer all, int size, int unknown) {
        this.source = source;
        this.all = all;
        this.size = size;
        this.unknown = unknown;
    }

    /// Opens `source.spm` and `vocab.json` of a folder.
    static Tokenizer open(Path folder, TokenizerSettings settings) {
        if (Files.exists(folder.resolve("target_vocab.json"))) {
            throw new TokenizerException(folder + " has target_vocab.json: vocabularies of their own for the two"
                    + " languages are not read here");
        }
        Path file = folder.resolve("vocab.json");
        Map<Integer, String> tokens = new TreeMap<>();
        Map<String, Integer> ids = settings.vocabulary(file);
        ids.forEach((token, id) -> tokens.put(id, token));
        if (tokens.size() != ids.size() || !IntStream.range(0, ids.size()).allMatch(tokens::containsKey)) {
            throw new TokenizerException(file + " does not number its " + ids.size() + " tokens from 0 on");
        }
        String unknown = settings.name(SpecialToken.UNKNOWN, "<unk>");
        String end = settings.name(SpecialToken.END, "</s>");
        int unknownId = MergesFile.id(ids, unknown);
        var pieces = SentencePieceModel.read(folder.resolve("source.spm"));
        var builder = new SentencePieceFile(pieces, settings);
        List<String> special = List.of(unknown, end, settings.name(SpecialToken.PADDING, "<pad>"));

        List<Piece> sources = sourcePieces(pieces, List.copyOf(tokens.values()), special);
        List<Piece> everything = new ArrayList<>();
        tokens.values().forEach(token -> everything.add(new Piece(token, 0, PieceType.NORMAL)));
        Tokenizer source = Tokenizers.open(json(builder, sources, unknownId, special, end, ids), file, settings);
        Tokenizer all = Tokenizers.open(json(builder, everything, unknownId, special, end, ids), file, settings);
        return new MarianTokenizer(source, all, ids.size(), unknownId);
    }

    /// The source's pieces at the places that the vocabulary gives them; those that it lacks come after its
    /// end.
    private static List<Piece> sourcePieces(SentencePieceModel model, List<String> tokens, List<String> special) {
        Map<String, Piece> known = LinkedHashMap.newLinkedHashMap(model.pieces().size());
        for (Piece piece : model.pieces()) {
            if (piece.type() == PieceType.NORMAL || piece.type() == PieceType.USER_DEFINED) {
                known.put(piece.text(), piece);
            }
        }
        List<Piece> pieces = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            Piece piece = known.remove(token);
            boolean kept = special.contains(token) || isLanguage(token);
            pieces.add(piece != null ? piece : new Piece(kept ? token : ELSEWHERE + id, 0, PieceType.NORMAL));
        }
        pieces.addAll(known.values());
        return pieces;
    }

    /// `>>fra<<` before a text asks for a language.
    private static boolean isLanguage(String token) {
        return token.startsWith(">>") && token.endsWith("<<");
    }

    private static String json(
            SentencePieceFile builder,
            List<Piece> pieces,
            int unknownId,
            List<String> special,
            String end,
            Map<String, Integer> ids) {
        List<ObjectNode> normalizer = new ArrayList<>(builder.charactersMap());
        normalizer.add(replace("Regex", "\\A +| +\\z", ""));
        normalizer.add(replace("Regex", " {2,}", " "));
        var json = new TokenizerJson()
                .normalizer(normalizer)
                .preTokenizer(List.of(metaspace("always", false)))
                .decoder(List.of(metaspace("always", false)))
                .model(builder.unigram(pieces, unknownId));
        special.stream().filter(ids::containsKey).forEach(token -> json.added(MergesFile.id(ids, token), token, true));
        ids.forEach((token, id) -> {
            if (isLanguage(token)) {
                json.added(id, token, false);
            }
        });
        return json.frame(List.of("A", end), List.of("A", "B", end), name -> MergesFile.id(ids, name))
                .text();
    }

    @Override
    public Encoding encode(String text, @Nullable String pair, EncodeOptions options) {
        return numbered(source.encode(text, pair, options));
    }

    @Override
    public List<Encoding> encode(List<String> texts, EncodeOptions options) {
        return source.encode(texts, options).stream().map(this::numbered).toList();
    }

    /// Pieces of the source that the vocabulary lacks are unknown, and what the source cannot spell is not,
    /// where the vocabulary has it from the target language.
    private Encoding numbered(Encoding encoding) {
        int[] ids = encoding.ids().clone();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] >= size) {
                ids[i] = unknown;
            } else if (ids[i] == unknown) {
                ids[i] = all.id(encoding.tokens().get(i)).orElse(unknown);
            }
        }
        return new Encoding(
                ids,
                encoding.typeIds(),
                encoding.tokens(),
                encoding.starts(),
                encoding.ends(),
                encoding.special(),
                encoding.words(),
                encoding.sequences());
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return all.decode(ids, skipSpecialTokens).strip(); // as Hugging Face does, at both ends
    }

    @Override
    public int vocabularySize() {
        return size;
    }

    @Override
    public OptionalInt id(String token) {
        return all.id(token);
    }

    @Override
    public Optional<String> token(int id) {
        return all.token(id);
    }

    @Override
    public Optional<String> specialToken(SpecialToken part) {
        return all.specialToken(part);
    }

    @Override
    public void close() {
        source.close();
        all.close();
    }
}
