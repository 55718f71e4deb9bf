package heed.generation;

import org.jspecify.annotations.Nullable;

/// How long a sequence may and must become. Null components were not said. `New` counts generated tokens; the
/// others count the prompt too, as `generation_config.json` does, and yield to the ones that count new tokens.
public record Length(
        @Nullable Integer minNewTokens,
        @Nullable Integer maxNewTokens,
        @Nullable Integer minLength,
        @Nullable Integer maxLength) {
    static final Length UNSAID = new Length(null, null, null, null);

    public Length {
        Require.that(
                maxNewTokens == null || maxNewTokens >= 1, maxNewTokens + " new tokens are none, ask for at least 1");
        Require.that(minNewTokens == null || minNewTokens >= 0, "at least " + minNewTokens + " new tokens cannot be");
        Require.that(
                minNewTokens == null || maxNewTokens == null || minNewTokens <= maxNewTokens,
                "at least " + minNewTokens + " and at most " + maxNewTokens + " new tokens contradict each other");
        Require.that(
                maxLength == null || maxLength >= 1, "a greatest length of " + maxLength + " tokens leaves nothing");
        Require.that(minLength == null || minLength >= 0, "a least length of " + minLength + " tokens cannot be");
    }

    /// The most tokens that a prompt may come to have, itself included. What nobody said is cut to what the
    /// model can take; what the caller said is not, but refused.
    ///
    /// @param defaults the model's
    /// @param newTokens how many new ones when neither says
    /// @param what names the prompt in messages
    /// @param context the most tokens that the model can read; the last one that is generated it need not read
    /// @throws IllegalArgumentException when prompt and continuation do not fit
    public int mostTokens(Length defaults, int newTokens, String what, int promptLength, int context) {
        if (promptLength > context) {
            throw new IllegalArgumentException(
                    what + " has " + promptLength + " tokens, the model takes at most " + context);
        }
        boolean said = maxNewTokens != null || maxLength != null;
        Length length = over(defaults);
        long most = length.maxNewTokens != null
                ? promptLength + (long) length.maxNewTokens
                : length.maxLength != null ? length.maxLength : promptLength + (long) newTokens;
        if (most <= promptLength) {
            throw new IllegalArgumentException(what + " has " + promptLength + " tokens, and " + most
                    + " is the greatest length with what is generated: say how many new tokens are wanted");
        }
        if (said && most - 1 > context) {
            throw new IllegalArgumentException(what + " has " + promptLength + " tokens and " + (most - promptLength)
                    + " new ones are wanted, the model takes at most " + context + " in all");
        }
        return (int) Math.min(most, context + 1L);
    }

    /// This, and for what it leaves unsaid the defaults; who says one way of counting is not overruled by the
    /// other.
    Length over(Length defaults) {
        boolean min = minNewTokens != null || minLength != null;
        boolean max = maxNewTokens != null || maxLength != null;
        Integer newMin = min ? minNewTokens : defaults.minNewTokens;
        Integer newMax = max ? maxNewTokens : defaults.maxNewTokens;
        if (!min && newMin != null && newMax != null && newMin > newMax) {
            newMin = newMax; // a default must not contradict what was said
        }
        return new Length(newMin, newMax, min ? minLength : defaults.minLength, max ? maxLength : defaults.maxLength);
    }
}
