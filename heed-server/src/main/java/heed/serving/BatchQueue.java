package heed.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Calls that wait, and which of their items are the next batch. Calls take turns, one item each, so a call of
/// a thousand texts does not keep a call of one waiting. A batch has at most so many tokens; an item that has
/// more by itself is a batch of its own.
///
/// Texts stand in a batch without padding, so who shares a batch with whom changes no result and costs nothing.
/// Not safe for several threads.
final class BatchQueue<I, O> {
    private final int budget;
    private final ArrayDeque<Call<I, O>> calls = new ArrayDeque<>();

    /// @param budget the most tokens of a batch
    BatchQueue(int budget) {
        if (budget < 1) {
            throw new IllegalArgumentException("a batch of " + budget + " tokens holds nothing");
        }
        this.budget = budget;
    }

    void add(Call<I, O> call) {
        if (call.hasNext()) {
            calls.addLast(call);
        }
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /// The items to compute next. Calls that nobody waits for any more are left out: then it may be empty.
    List<Call.Entry<I, O>> next() {
        List<Call.Entry<I, O>> batch = new ArrayList<>();
        long tokens = 0;
        while (!calls.isEmpty()) {
            Call<I, O> call = calls.getFirst();
            if (call.over()) {
                calls.removeFirst();
                continue;
            }
            if (!batch.isEmpty() && tokens + call.nextTokens() > budget) {
                break; // whoever does not fit is first in the next batch
            }
            calls.removeFirst();
            tokens += call.nextTokens();
            batch.add(call.takeNext());
            add(call);
        }
        return batch;
    }

    /// Fails all that wait.
    void clear(NotServed reason) {
        calls.forEach(call -> call.fail(reason));
        calls.clear();
    }
}
