package heed.text;

import heed.checkpoint.Gguf;
import heed.checkpoint.GgufMetadata;
import heed.checkpoint.SentencePieceModel;
import heed.checkpoint.SentencePieceModel.Piece;
import heed.checkpoint.SentencePieceModel.PieceType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The vocabulary of a GGUF file as a `tokenizer.json`.
final class GgufVocabulary {
    private static final String PREFIX = "tokenizer.ggml.";

    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final List<Long> types;

    private GgufVocabulary(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.texts(PREFIX + "tokens");
        this.types = metadata.wholes(PREFIX + "token_type");
        if (tokens.isEmpty()) {
            throw metadata.refusal("it has no vocabulary; token ids can still be given instead of text");
        }
        if (!types.isEmpty() && types.size() != tokens.size()) {
            throw metadata.refusal("it has " + tokens.size() + " tokens, and types for " + types.size());
        }
    }

    /// The tokenizer's text and settings.
    record Parts(String json, TokenizerSettings settings) {}

    static Parts read(Path file) {
        var vocabulary = new GgufVocabulary(Gguf.metadata(file));
        TokenizerSettings settings = TokenizerSettings.of(vocabulary.settings());
        return new Parts(vocabulary.json(settings), settings);
    }

    private String json(TokenizerSettings settings) {
        String model = metadata.text(PREFIX + "model").orElse("none");
        return switch (model) {
            case "gpt2" -> bytePairs();
            case "llama" -> sentencePiece(settings);
            default ->
                throw metadata.refusal("its tokenizer is of the kind '" + model
                        + "', read are gpt2 (byte-level BPE) and llama (SentencePiece)");
        };
    }

    private String sentencePiece(TokenizerSettings settings) {
        List<Double> scores = metadata.reals(PREFIX + "scores");
        if (scores.size() != tokens.size()) {
            throw metadata.refusal("it has " + tokens.size() + " tokens, and scores for " + scores.size());
        }
        List<Piece> pieces = new ArrayList<>();
        boolean bytes = false;
        for (int id = 0; id < tokens.size(); id++) {
            PieceType type = types.isEmpty() ? PieceType.NORMAL : type(types.get(id));
            bytes |= type == PieceType.BYTE;
            pieces.add(new Piece(tokens.get(id), scores.get(id).floatValue(), type));
        }
        int unknown = metadata.whole(PREFIX + "unknown_token_id").orElse(0);
        if (unknown >= tokens.size()) {
            throw metadata.refusal("its unknown token is number " + unknown + " of " + tokens.size());
        }
        boolean prefix = metadata.flag(PREFIX + "add_space_prefix").orElse(true);
        var model = new SentencePieceModel(pieces, false, unknown, bytes, prefix, new byte[0]);
        return new SentencePieceFile(model, settings)
                .llama(
                        prefix ? "always" : "never",
                        metadata.flag(PREFIX + "add_bos_token").orElse(true),
                        metadata.flag(PREFIX + "add_eos_token").orElse(false));
    }

    private static PieceType type(long number) {
        return switch ((int) number) {
            case 2 -> PieceType.UNKNOWN;
            case 3 -> PieceType.CONTROL;
            case 4 -> PieceType.USER_DEFINED;
            case 5 -> PieceType.UNUSED;
            case 6 -> PieceType.BYTE;
            default -> PieceType.NORMAL;
        };
    }

    private String bytePairs() {
        String kind = metadata.text(PREFIX + "pre").orElse("default");
        MergesFile.Cut cut = switch (kind) {
            case "default", "gpt-2", "gpt2" -> MergesFile.Cut.GPT_2;
            case "llama-bpe", "llama3", "llama-v3" -> MergesFile.Cut.LLAMA_3;
            case "qwen2" -> MergesFile.Cut.QWEN_2;
            case "smollm" -> MergesFile.Cut.SMOL_LM;
            default ->
                throw metadata.refusal(
                        "it cuts texts in the way '" + kind + "', known are gpt-2, llama-bpe, qwen2, smollm");
        };
        boolean llama = cut == MergesFile.Cut.LLAMA_3;
        Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            if (ids.put(tokens.get(id), id) != null) {
                throw metadata.refusal("the token '" + tokens.get(id) + "' is there twice");
            }
        }
        TokenizerJson json = MergesFile.json(ids, metadata.texts(PREFIX + "merges"), cut, llama, false);
        for (int id = 0; id < types.size(); id++) {
            PieceType type = type(types.get(id));
            if (type == PieceType.CONTROL || type == PieceType.USER_DEFINED) {
                json.added(id, tokens.get(id), type == PieceType.CONTROL);
            }
        }
        Optional<String> beginning = special("bos_token_id")
                .filter(_ -> metadata.flag(PREFIX + "add_bos_token").orElse(llama));
        Optional<String> end = special("eos_token_id")
                .filter(_ -> metadata.flag(PREFIX + "add_eos_token").orElse(false));
        List<String> frame = new ArrayList<>();
        beginning.ifPresent(frame::add);
        frame.add("A");
        end.ifPresent(frame::add);
        if (frame.size() > 1) {
            List<String> pair = new ArrayList<>(frame);
            pair.add("|");
            frame.forEach(name -> pair.add(name.equals("A") ? "B" : name));
            json.frame(frame, pair, name -> MergesFile.id(ids, name));
        }
        return json.text();
    }

    private Optional<String> special(String key) {
        return metadata.whole(PREFIX + key).map(id -> {
            if (id >= tokens.size()) {
                throw metadata.refusal(PREFIX + key + " is " + id + " of " + tokens.size() + " tokens");
            }
            return tokens.get(id);
        });
    }

    /// What `tokenizer_config.json` would say.
    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        special("bos_token_id").ifPresent(token -> settings.put("bos_token", token));
        special("eos_token_id").ifPresent(token -> settings.put("eos_token", token));
        special("unknown_token_id").ifPresent(token -> settings.put("unk_token", token));
        special("padding_token_id").ifPresent(token -> settings.put("pad_token", token));
        metadata.text("tokenizer.chat_template").ifPresent(template -> settings.put("chat_template", template));
        return settings;
    }
}
