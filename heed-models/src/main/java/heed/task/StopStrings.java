package heed.task;

import heed.generation.Prefix;
import heed.generation.StoppingCriterion;
import heed.text.Tokenizer;
import java.util.Arrays;
import java.util.List;

/// Ends a sequence when its newest token completes one of these strings; the string may begin in earlier
/// tokens, the prompt's included, and the token may go on after it.
record StopStrings(List<String> strings, Tokenizer tokenizer) implements StoppingCriterion {
    @Override
    public boolean stops(Prefix prefix) {
        int longest = strings.stream().mapToInt(String::length).max().orElse(0);
        int[] ids = prefix.ids();
        int[] tail = Arrays.copyOfRange(ids, Math.max(0, ids.length - longest - 1), ids.length);
        String text = tokenizer.decode(tail, false);
        String before = tokenizer.decode(Arrays.copyOf(tail, tail.length - 1), false);
        int settled = text.startsWith(before) ? before.length() : 0;
        return strings.stream().anyMatch(string -> endsAfter(text, string, settled));
    }

    private static boolean endsAfter(String text, String string, int position) {
        int last = text.lastIndexOf(string);
        return last >= 0 && last + string.length() > position;
    }
}
