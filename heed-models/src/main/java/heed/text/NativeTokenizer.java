package heed.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// A tokenizer of the native library, opened from the text of a `tokenizer.json`.
final class NativeTokenizer implements Tokenizer {
    /// Texts that are encoded in one native call: enough for all cores, and a bound on the native memory of
    /// a call.
    private static final int BATCH = 256;

    private final TokenizersLibrary library;
    private final TokenizerFile file;
    private final Map<SpecialToken, String> special;
    private final boolean truncateFromStart;

    /// Calls read, closing writes: freed native memory is never used.
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private long handle;

    NativeTokenizer(
            TokenizersLibrary library,
            long handle,
            TokenizerFile file,
            Map<SpecialToken, String> special,
            boolean truncateFromStart) {
        this.library = library;
        this.handle = handle;
        this.file = file;
        this.special = Map.copyOf(special);
        this.truncateFromStart = truncateFromStart;
        library.disableTruncation(handle);
        library.disablePadding(handle);
    }

    @Override
    public Encoding encode(String text, @Nullable String pair, EncodeOptions options) {
        CharacterText first = CharacterText.of(text);
        CharacterText second = pair == null || pair.isEmpty() ? null : CharacterText.of(pair);
        return call(tokenizer -> encode(tokenizer, first, second, options));
    }

    private Encoding encode(
            long tokenizer, CharacterText first, @Nullable CharacterText second, EncodeOptions options) {
        long encoding;
        try {
            encoding = second == null
                    ? library.encode(tokenizer, first.text(), options.specialTokens())
                    : library.encodeDual(tokenizer, first.text(), second.text(), options.specialTokens());
        } catch (RuntimeException failure) {
            throw new TokenizerException("the text cannot be tokenized: " + failure.getMessage(), failure);
        }
        try {
            return read(encoding, first, second, options);
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    @Override
    public List<Encoding> encode(List<String> texts, EncodeOptions options) {
        List<CharacterText> all = texts.stream().map(CharacterText::of).toList();
        List<Encoding> encodings = new ArrayList<>(all.size());
        for (int start = 0; start < all.size(); start += BATCH) {
            List<CharacterText> batch = all.subList(start, Math.min(start + BATCH, all.size()));
            encodings.addAll(call(tokenizer -> encodeBatch(tokenizer, batch, options)));
        }
        return List.copyOf(encodings);
    }

    private List<Encoding> encodeBatch(long tokenizer, List<CharacterText> texts, EncodeOptions options) {
        List<Encoding> encodings = new ArrayList<>(texts.size());
        if (!file.total()) { // the native batch call ends the whole process where the single one throws
            for (CharacterText text : texts) {
                encodings.add(encode(tokenizer, text, null, options));
            }
            return encodings;
        }
        String[] strings = texts.stream().map(CharacterText::text).toArray(String[]::new);
        long[] handles = library.batchEncode(tokenizer, strings, options.specialTokens());
        try {
            for (int i = 0; i < handles.length; i++) {
                encodings.add(read(handles[i], texts.get(i), null, options));
            }
        } finally {
            for (long encoding : handles) {
                library.deleteEncoding(encoding);
            }
        }
        return encodings;
    }

    private Encoding read(long encoding, CharacterText first, @Nullable CharacterText second, EncodeOptions options) {
        int[] ids = ints(library.getTokenIds(encoding));
        int[] sequences = ints(library.getSequenceIds(encoding));
        @Nullable CharSpan[] spans = library.getTokenCharSpans(encoding); // in code points; null for the frame's tokens
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            if (span != null) {
                CharacterText text = second != null && sequences[i] == 1 ? second : first;
                starts[i] = text.index(span.getStart());
                ends[i] = text.index(span.getEnd());
            }
        }
        Encoding whole = new Encoding(
                ids,
                ints(library.getTypeIds(encoding)),
                List.of(library.getTokens(encoding)),
                starts,
                ends,
                ints(library.getSpecialTokenMask(encoding)),
                ints(library.getWordIds(encoding)),
                sequences);
        return options.maxTokens() == 0 ? whole : whole.truncated(options.maxTokens(), truncateFromStart);
    }

    private static int[] ints(long[] values) {
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) values[i];
        }
        return ints;
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        long[] known = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            known[i] = ids[i];
        }
        return call(tokenizer -> library.decode(tokenizer, known, skipSpecialTokens));
    }

    private <T> T call(LongFunction<T> nativeCall) {
        Lock reading = use.readLock();
        reading.lock();
        try {
            if (handle == 0) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            return Objects.requireNonNull(nativeCall.apply(handle));
        } finally {
            reading.unlock();
        }
    }

    @Override
    public int vocabularySize() {
        return file.size();
    }

    @Override
    public OptionalInt id(String token) {
        return file.id(token);
    }

    @Override
    public Optional<String> token(int id) {
        return file.token(id);
    }

    @Override
    public Optional<String> specialToken(SpecialToken part) {
        return Optional.ofNullable(special.get(part));
    }

    @Override
    public void close() {
        Lock closing = use.writeLock();
        closing.lock();
        try {
            if (handle != 0) {
                library.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            closing.unlock();
        }
    }
}
