package heed.subword;

import java.util.Arrays;
import java.util.List;

/// The pieces of a vocabulary by their characters: which of them begin at a place in a word. A hash table of
/// edges, as the characters of a script have no dense numbers.
final class PieceTrie {
    private static final int NONE = -1;

    private long[] edges; // parent and character; 0 for none
    private int[] targets;
    private int used;
    private int nodes = 1;
    private int[] pieces = new int[16]; // of nodes

    PieceTrie(List<String> texts) {
        int capacity = Integer.highestOneBit(Math.max(64, texts.size())) << 4;
        edges = new long[capacity];
        targets = new int[capacity];
        Arrays.fill(pieces, NONE);
        for (int id = 0; id < texts.size(); id++) {
            add(texts.get(id), id);
        }
    }

    private void add(String text, int id) {
        int node = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = next(node, c);
            node = next == NONE ? grow(node, c) : next;
            i += Character.charCount(c);
        }
        pieces[node] = id;
    }

    private int grow(int node, int c) {
        if (3 * ++used > 2 * edges.length) {
            rehash();
        }
        int target = nodes++;
        put(key(node, c), target);
        if (nodes > pieces.length) {
            int before = pieces.length;
            pieces = Arrays.copyOf(pieces, 2 * before);
            Arrays.fill(pieces, before, pieces.length, NONE);
        }
        return target;
    }

    private void rehash() {
        long[] oldEdges = edges;
        int[] oldTargets = targets;
        edges = new long[2 * oldEdges.length];
        targets = new int[edges.length];
        for (int i = 0; i < oldEdges.length; i++) {
            if (oldEdges[i] != 0) {
                put(oldEdges[i], oldTargets[i]);
            }
        }
    }

    private void put(long key, int target) {
        int slot = slot(key);
        while (edges[slot] != 0) {
            slot = (slot + 1) & (edges.length - 1);
        }
        edges[slot] = key;
        targets[slot] = target;
    }

    private static long key(int node, int c) {
        return ((long) node << 21 | c) + 1;
    }

    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (edges.length - 1);
    }

    /// The node that a character leads to, or -1.
    int next(int node, int c) {
        long key = key(node, c);
        int slot = slot(key);
        while (edges[slot] != 0) {
            if (edges[slot] == key) {
                return targets[slot];
            }
            slot = (slot + 1) & (edges.length - 1);
        }
        return NONE;
    }

    /// The piece that ends at a node, or -1.
    int piece(int node) {
        return pieces[node];
    }
}
