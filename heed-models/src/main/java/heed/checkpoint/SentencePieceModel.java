package heed.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A SentencePiece model: pieces with scores, and how a text is prepared for them. What is here is the part of
/// `sentencepiece_model.proto` that decides which pieces a text becomes.
///
/// @param pieces in the order of their ids
/// @param unigram whether the pieces with the best sum of scores are chosen (Kudo 2018); otherwise neighbours
///     are merged, the best piece first (BPE)
/// @param unknownId the piece that stands for what the others cannot spell
/// @param byteFallback whether that is spelled by bytes instead
/// @param dummyPrefix whether a text gets a space before it
/// @param charactersMap the compiled table of characters that are replaced; empty for none
///
/// Source: <https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto>.
public record SentencePieceModel(
        List<Piece> pieces,
        boolean unigram,
        int unknownId,
        boolean byteFallback,
        boolean dummyPrefix,
        byte[] charactersMap) {
    private static final int UNIGRAM = 1;
    private static final int BPE = 2;
    private static final int MOST_PIECES = 1 << 22;

    /// A piece and its score, the logarithm of a probability or a rank.
    public record Piece(String text, float score, PieceType type) {}

    /// What a piece is for.
    public enum PieceType {
        NORMAL,
        UNKNOWN,
        /// Part of no text: `<s>`.
        CONTROL,
        /// Always one piece, wherever it stands in a text.
        USER_DEFINED,
        UNUSED,
        /// One byte, `<0x0A>`.
        BYTE;

        /// The type of a number in a file; unknown ones count as normal.
        static PieceType of(long number) {
            return number >= 1 && number <= values().length ? values()[(int) number - 1] : NORMAL;
        }
    }

    public SentencePieceModel {
        pieces = List.copyOf(pieces);
    }

    /// Reads a model's file, such as `spiece.model`.
    ///
    /// @throws CheckpointException when it is missing or is no such model
    public static SentencePieceModel read(Path path) {
        try (var files = new MappedFiles()) {
            return new Reader(files.map(path)).read();
        }
    }

    /// Gathers the fields in whatever order they come.
    private static final class Reader {
        private final MappedFile file;
        private final List<Piece> pieces = new ArrayList<>();
        private long modelType = UNIGRAM;
        private int unknownId;
        private boolean byteFallback;
        private boolean dummyPrefix = true;
        private boolean escapesSpaces = true;
        private boolean spaceAfter;
        private byte[] charactersMap = {};

        Reader(MappedFile file) {
            this.file = file;
        }

        SentencePieceModel read() {
            var model = new ProtobufMessage(file, 0, file.size());
            while (model.next()) {
                switch (model.field()) {
                    case 1 -> add(piece(model.message()));
                    case 2 -> trainer(model.message());
                    case 3 -> normalizer(model.message());
                    default -> {}
                }
            }
            if (pieces.isEmpty()) {
                throw file.refusal("it has no pieces, so it is no SentencePiece model");
            }
            if (modelType != UNIGRAM && modelType != BPE) {
                throw file.refusal(
                        "it is a SentencePiece model of type " + modelType + ", 1 (unigram) and 2 (BPE) are read");
            }
            if (unknownId < 0 || unknownId >= pieces.size()) {
                throw file.refusal("its unknown piece is number " + unknownId + " of " + pieces.size());
            }
            if (!escapesSpaces || spaceAfter) {
                throw file.refusal("it treats spaces in a way that is not computed here (escape_whitespaces "
                        + escapesSpaces + ", treat_whitespace_as_suffix " + spaceAfter + ")");
            }
            return new SentencePieceModel(
                    pieces, modelType == UNIGRAM, unknownId, byteFallback, dummyPrefix, charactersMap);
        }

        private void add(Piece piece) {
            if (pieces.size() == MOST_PIECES) {
                throw file.refusal("it has more than " + MOST_PIECES + " pieces");
            }
            pieces.add(piece);
        }

        private static Piece piece(ProtobufMessage message) {
            String text = "";
            float score = 0;
            long type = 1;
            while (message.next()) {
                switch (message.field()) {
                    case 1 -> text = message.text();
                    case 2 -> score = message.float32();
                    case 3 -> type = message.varint();
                    default -> {}
                }
            }
            return new Piece(text, score, PieceType.of(type));
        }

        private void trainer(ProtobufMessage message) {
            while (message.next()) {
                switch (message.field()) {
                    case 3 -> modelType = message.varint();
                    case 24 -> spaceAfter = message.varint() != 0;
                    case 35 -> byteFallback = message.varint() != 0;
                    case 40 -> unknownId = (int) message.varint();
                    default -> {}
                }
            }
        }

        private void normalizer(ProtobufMessage message) {
            while (message.next()) {
                switch (message.field()) {
                    case 2 -> charactersMap = message.file().copy(message.begin(), (int) message.length());
                    case 3 -> dummyPrefix = message.varint() != 0;
                    case 5 -> escapesSpaces = message.varint() != 0;
                    default -> {}
                }
            }
        }
    }
}
