package heed.serving;

import java.time.Duration;

/// How much a server takes on. [#defaults] suits one machine; the other methods return changed copies.
///
/// @param batchTokens the most tokens of a batch
/// @param queueTokens the most tokens under way, waiting or being computed
/// @param longestWait what is to be read is turned away where it would wait longer for its turns
/// @param maxTexts the most texts of one request
/// @param maxBodyBytes the largest request
/// @param timeout how long a request may take, from its first byte to its answer
/// @param drain how long a server that is told to end waits for requests under way
public record ServingSettings(
        int batchTokens,
        long queueTokens,
        Duration longestWait,
        int maxTexts,
        int maxBodyBytes,
        Duration timeout,
        Duration drain) {
    public ServingSettings {
        requirePositive(batchTokens, "a batch", "tokens");
        requirePositive(queueTokens, "a queue", "tokens");
        requirePositive(maxTexts, "a request", "texts");
        requirePositive(maxBodyBytes, "a request", "bytes");
        if (longestWait.isNegative() || longestWait.isZero()) {
            throw new IllegalArgumentException("a queue that lasts " + longestWait + " holds nothing");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a request that may take " + timeout + " cannot be answered");
        }
    }

    private static void requirePositive(long number, String what, String unit) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " of at most " + number + " " + unit + " holds nothing");
        }
    }

    public static ServingSettings defaults() {
        return new ServingSettings(
                1024, 1 << 17, Duration.ofSeconds(5), 2048, 8 << 20, Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    public ServingSettings withBatchTokens(int tokens) {
        return new ServingSettings(tokens, queueTokens, longestWait, maxTexts, maxBodyBytes, timeout, drain);
    }

    public ServingSettings withQueueTokens(long tokens) {
        return new ServingSettings(batchTokens, tokens, longestWait, maxTexts, maxBodyBytes, timeout, drain);
    }

    public ServingSettings withLongestWait(Duration other) {
        return new ServingSettings(batchTokens, queueTokens, other, maxTexts, maxBodyBytes, timeout, drain);
    }

    public ServingSettings withMaxTexts(int texts) {
        return new ServingSettings(batchTokens, queueTokens, longestWait, texts, maxBodyBytes, timeout, drain);
    }

    public ServingSettings withMaxBodyBytes(int bytes) {
        return new ServingSettings(batchTokens, queueTokens, longestWait, maxTexts, bytes, timeout, drain);
    }

    public ServingSettings withTimeout(Duration other) {
        return new ServingSettings(batchTokens, queueTokens, longestWait, maxTexts, maxBodyBytes, other, drain);
    }

    public ServingSettings withDrain(Duration other) {
        return new ServingSettings(batchTokens, queueTokens, longestWait, maxTexts, maxBodyBytes, timeout, other);
    }
}
