package heed.text;

import static heed.text.TokenizerJson.SPACE;
import static heed.text.TokenizerJson.metaspace;
import static heed.text.TokenizerJson.replace;
import static heed.text.TokenizerJson.step;

import heed.checkpoint.SentencePieceModel;
import heed.checkpoint.SentencePieceModel.Piece;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// SentencePiece models as the `tokenizer.json` that Hugging Face converts them to, which differs by family.
final class SentencePieceFile {
    /// T5's vocabulary goes on with so many tokens that stand for gaps in a text, unless its settings say
    /// otherwise.
    private static final int EXTRA_IDS = 100;

    private final SentencePieceModel model;
    private final TokenizerSettings settings;

    SentencePieceFile(SentencePieceModel model, TokenizerSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /// `A </s>`, words apart, and `<extra_id_99>` to `<extra_id_0>` after the pieces.
    String t5() {
        requireUnigram("T5");
        List<Piece> vocabulary = new ArrayList<>(model.pieces());
        int extra = settings.whole("extra_ids").orElse(EXTRA_IDS);
        for (int i = extra - 1; i >= 0; i--) {
            vocabulary.add(new Piece("<extra_id_" + i + ">", 0, SentencePieceModel.PieceType.CONTROL));
        }
        TokenizerJson json = words(vocabulary, model.unknownId());
        json.added(model.unknownId(), vocabulary.get(model.unknownId()).text(), true);
        return json.frame(List.of("A", "</s>"), List.of("A", "</s>", "B", "</s>"), name -> idOf(vocabulary, name))
                .text();
    }

    /// `<s> A </s>`. The ids are those of an older library: `<s> <pad> </s> <unk>`, then the pieces after the
    /// first three, and `<mask>` at the end.
    String xlmRoberta() {
        requireUnigram("XLM-RoBERTa");
        List<Piece> vocabulary = new ArrayList<>();
        for (String name : List.of("<s>", "<pad>", "</s>", "<unk>")) {
            vocabulary.add(new Piece(name, 0, SentencePieceModel.PieceType.CONTROL));
        }
        vocabulary.addAll(model.pieces()
                .subList(Math.min(3, model.pieces().size()), model.pieces().size()));
        vocabulary.add(new Piece("<mask>", 0, SentencePieceModel.PieceType.CONTROL));
        TokenizerJson json = words(vocabulary, 3);
        return json.frame(
                        List.of("<s>", "A", "</s>"),
                        List.of("<s>", "A", "</s>", "</s>", "B", "</s>"),
                        name -> idOf(vocabulary, name))
                .text();
    }

    private void requireUnigram(String family) {
        if (!model.unigram()) {
            throw new TokenizerException("the SentencePiece model merges pairs, " + family + " needs a unigram model");
        }
    }

    /// Words, cut at white space, each from its `▁` on.
    private TokenizerJson words(List<Piece> vocabulary, int unknownId) {
        var json = new TokenizerJson()
                .normalizer(charactersMap())
                .preTokenizer(List.of(step("WhitespaceSplit"), metaspace("always", true)))
                .decoder(List.of(metaspace("always", true)))
                .model(unigram(vocabulary, unknownId));
        addTokens(json, vocabulary);
        settings.addTokens(json);
        return json;
    }

    List<ObjectNode> charactersMap() {
        return model.charactersMap().length == 0
                ? List.of()
                : List.of(step("Precompiled")
                        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(model.charactersMap())));
    }

    ObjectNode unigram(List<Piece> vocabulary, int unknownId) {
        ObjectNode unigram = step("Unigram").put("unk_id", unknownId);
        ArrayNode pieces = unigram.putArray("vocab");
        for (Piece piece : vocabulary) {
            pieces.addArray().add(piece.text()).add((double) piece.score());
        }
        return unigram.put("byte_fallback", false);
    }

    private static void addTokens(TokenizerJson json, List<Piece> vocabulary) {
        for (int id = 0; id < vocabulary.size(); id++) {
            Piece piece = vocabulary.get(id);
            switch (piece.type()) {
                case CONTROL -> json.added(id, piece.text(), true);
                case USER_DEFINED -> json.added(id, piece.text(), false);
                case NORMAL, UNKNOWN, UNUSED, BYTE -> {}
            }
        }
    }

    private static int idOf(List<Piece> vocabulary, String name) {
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.get(id).text().equals(name)) {
                return id;
            }
        }
        throw new TokenizerException("the SentencePiece model has no " + name);
    }

    /// Merges of pairs, bytes for what is unknown, and spaces as they are.
    ///
    /// @param prepend where a space is put before the text: `first`, `always` (after a special token too),
    /// `never`
    String llama(String prepend, boolean beginning, boolean end) {
        List<Piece> vocabulary = model.pieces();
        Map<String, Integer> ids = HashMap.newHashMap(vocabulary.size());
        ObjectNode bpe = step("BPE")
                .put("unk_token", vocabulary.get(model.unknownId()).text())
                .put("fuse_unk", true)
                .put("byte_fallback", model.byteFallback());
        ObjectNode vocab = bpe.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.put(vocabulary.get(id).text(), id);
            vocab.put(vocabulary.get(id).text(), id);
        }
        ArrayNode merges = bpe.putArray("merges");
        merges(ids).forEach(merge -> merges.addArray().add(merge.left).add(merge.right));
        List<ObjectNode> decoders =
                new ArrayList<>(List.of(replace("String", SPACE, " "), step("ByteFallback"), step("Fuse")));
        if (!prepend.equals("never")) {
            decoders.add(step("Strip").put("content", " ").put("start", 1).put("stop", 0));
        }
        var json = new TokenizerJson()
                .preTokenizer(List.of(metaspace(prepend, false)))
                .decoder(decoders)
                .model(bpe);
        addTokens(json, vocabulary);
        json.added(model.unknownId(), vocabulary.get(model.unknownId()).text(), true);
        settings.addTokens(json);
        return framed(json, ids, beginning, end).text();
    }

    private TokenizerJson framed(TokenizerJson json, Map<String, Integer> ids, boolean beginning, boolean end) {
        List<String> frame = new ArrayList<>();
        if (beginning) {
            frame.add(settings.name(SpecialToken.BEGINNING, "<s>"));
        }
        frame.add("A");
        if (end) {
            frame.add(settings.name(SpecialToken.END, "</s>"));
        }
        if (frame.size() == 1) {
            return json;
        }
        List<String> pair = new ArrayList<>(frame);
        pair.add("|");
        frame.forEach(name -> pair.add(name.equals("A") ? "B" : name));
        return json.frame(frame, pair, name -> {
            Integer id = ids.get(name);
            if (id == null) {
                throw new TokenizerException("texts are framed with " + name + ", which the vocabulary lacks");
            }
            return id;
        });
    }

    /// Two neighbours that become one piece.
    private record Merge(String left, String right, int merged, int leftId, int rightId) {}

    /// Every way to put a piece together from two, the pieces in the order of their ids.
    private static List<Merge> merges(Map<String, Integer> ids) {
        List<Merge> merges = new ArrayList<>();
        ids.forEach((piece, id) -> {
            for (int cut = 1; cut < piece.length(); cut++) {
                if (Character.isLowSurrogate(piece.charAt(cut)) && Character.isHighSurrogate(piece.charAt(cut - 1))) {
                    continue;
                }
                String left = piece.substring(0, cut);
                String right = piece.substring(cut);
                Integer leftId = ids.get(left);
                Integer rightId = ids.get(right);
                if (leftId != null && rightId != null) {
                    merges.add(new Merge(left, right, id, leftId, rightId));
                }
            }
        });
        merges.sort(Comparator.comparingInt(Merge::merged)
                .thenComparingInt(merge -> merge.left.codePointCount(0, merge.left.length()))
                .thenComparingInt(merge -> merge.right.codePointCount(0, merge.right.length()))
                .thenComparingInt(Merge::leftId)
                .thenComparingInt(Merge::rightId));
        return merges;
    }
}
