package heed.generation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tokens with a part to play. Null components were not said.
///
/// @param end each of these ends a sequence
/// @param forcedFirst the first token after the one that the decoder starts from (the target language of mBART)
/// @param forcedLast the token that a sequence which reaches its greatest length must end with; of several, any
/// @param suppressed never generated
/// @param suppressedAtBegin never generated as the first new token
/// @param badWords sequences of tokens that are never completed
public record Tokens(
        @Nullable List<Integer> end,
        @Nullable Integer forcedFirst,
        @Nullable List<Integer> forcedLast,
        @Nullable List<Integer> suppressed,
        @Nullable List<Integer> suppressedAtBegin,
        @Nullable List<List<Integer>> badWords) {
    static final Tokens UNSAID = new Tokens(null, null, null, null, null, null);

    public Tokens {
        end = copy(end);
        forcedLast = copy(forcedLast);
        suppressed = copy(suppressed);
        suppressedAtBegin = copy(suppressedAtBegin);
        badWords = badWords == null
                ? null
                : badWords.stream().map(word -> List.copyOf(word)).toList();
        Require.that(
                badWords == null || badWords.stream().noneMatch(List::isEmpty),
                "a bad word without tokens bans nothing");
    }

    private static @Nullable List<Integer> copy(@Nullable List<Integer> ids) {
        return ids == null ? null : List.copyOf(ids);
    }

    static List<Integer> list(int... ids) {
        return IntStream.of(ids).boxed().toList();
    }

    static int[] array(@Nullable List<Integer> ids) {
        return ids == null ? new int[0] : ids.stream().mapToInt(id -> id).toArray();
    }

    static boolean contains(int[] ids, int id) {
        return Arrays.stream(ids).anyMatch(one -> one == id);
    }

    Tokens over(Tokens defaults) {
        return new Tokens(
                end == null ? defaults.end : end,
                forcedFirst == null ? defaults.forcedFirst : forcedFirst,
                forcedLast == null ? defaults.forcedLast : forcedLast,
                suppressed == null ? defaults.suppressed : suppressed,
                suppressedAtBegin == null ? defaults.suppressedAtBegin : suppressedAtBegin,
                badWords == null ? defaults.badWords : badWords);
    }

    Tokens withEnd(List<Integer> ids) {
        return new Tokens(ids, forcedFirst, forcedLast, suppressed, suppressedAtBegin, badWords);
    }

    Tokens withForcedFirst(int id) {
        return new Tokens(end, id, forcedLast, suppressed, suppressedAtBegin, badWords);
    }

    Tokens withForcedLast(List<Integer> ids) {
        return new Tokens(end, forcedFirst, ids, suppressed, suppressedAtBegin, badWords);
    }

    Tokens withSuppressed(List<Integer> ids) {
        return new Tokens(end, forcedFirst, forcedLast, ids, suppressedAtBegin, badWords);
    }

    Tokens withSuppressedAtBegin(List<Integer> ids) {
        return new Tokens(end, forcedFirst, forcedLast, suppressed, ids, badWords);
    }

    Tokens withBadWords(List<List<Integer>> words) {
        return new Tokens(end, forcedFirst, forcedLast, suppressed, suppressedAtBegin, words);
    }
}
