package dev.gatehouse.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds, among many keys, those with which a text begins, and yields their numbers in ascending order.
 *
 * <p>A radix tree over lower-case keys. A look-up walks down along the text once; every key on the way is a prefix of
 * the text, every other key is not even looked at. The numbers of the few nodes on the way are merged by asking each
 * for its smallest number beyond the last one, so that document order is kept without building a list. A plain hash
 * of the first segment was rejected because APIs often share it ({@code /api/...}). Immutable, allocation-free.
 */
final class PrefixIndex {
    private final Node root;
    private final boolean fromEnd;

    private PrefixIndex(Node root, boolean fromEnd) {
        this.root = root;
        this.fromEnd = fromEnd;
    }

    /** Collects keys. */
    static final class Builder {
        private final TreeMap<String, List<Integer>> keys = new TreeMap<>();

        /** Adds a lower-case key; numbers come in ascending order. */
        Builder add(String key, int number) {
            keys.computeIfAbsent(key, k -> new ArrayList<>()).add(number);
            return this;
        }

        PrefixIndex build() {
            return new PrefixIndex(node(List.copyOf(keys.keySet()), 0, "", null), false);
        }

        /** An index over the ends of texts instead; the keys are reversed here. */
        PrefixIndex buildFromEnd() {
            TreeMap<String, List<Integer>> reversed = new TreeMap<>();
            keys.forEach((key, numbers) ->
                    reversed.put(new StringBuilder(key).reverse().toString(), numbers));
            keys.clear();
            keys.putAll(reversed);
            return new PrefixIndex(node(List.copyOf(keys.keySet()), 0, "", null), true);
        }

        /** The node for {@code sorted} keys, which share their first {@code depth} characters. */
        private Node node(List<String> sorted, int depth, String edge, @Nullable Node above) {
            List<Integer> own = sorted.isEmpty() || sorted.get(0).length() > depth ? null : keys.get(sorted.get(0));
            int[] numbers = own == null
                    ? new int[0]
                    : own.stream().mapToInt(Integer::intValue).toArray();
            Node node = new Node(edge, numbers, above);
            Node next = numbers.length > 0 ? node : above;
            List<Node> children = new ArrayList<>();
            int from = own == null ? 0 : 1;
            while (from < sorted.size()) {
                int to = from + 1;
                while (to < sorted.size()
                        && sorted.get(to).charAt(depth) == sorted.get(from).charAt(depth)) {
                    to++;
                }
                int end = commonLength(sorted.get(from), sorted.get(to - 1));
                children.add(
                        node(sorted.subList(from, to), end, sorted.get(from).substring(depth, end), next));
                from = to;
            }
            node.children(children);
            return node;
        }

        private static int commonLength(String first, String last) {
            int end = Math.min(first.length(), last.length());
            int mismatch = Arrays.mismatch(first.toCharArray(), 0, end, last.toCharArray(), 0, end);
            return mismatch < 0 ? end : mismatch;
        }
    }

    /** The deepest node along the first {@code length} characters of {@code text}, or along its end. */
    Node find(@Nullable String text, int length) {
        Node node = root;
        int at = 0;
        while (text != null && at < length) {
            Node child = node.child(lower(text, at, length));
            if (child == null || !isEdge(child.edge, text, at, length)) {
                return node;
            }
            at += child.edge.length();
            node = child;
        }
        return node;
    }

    private boolean isEdge(String edge, String text, int at, int length) {
        if (at + edge.length() > length) {
            return false;
        }
        for (int i = 1; i < edge.length(); i++) {
            if (edge.charAt(i) != lower(text, at + i, length)) {
                return false;
            }
        }
        return true;
    }

    private char lower(String text, int at, int length) {
        char c = text.charAt(fromEnd ? length - 1 - at : at);
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    /** A place in the tree: knows the numbers of its own key and the way up to those of shorter keys. */
    static final class Node {
        private final String edge;
        private final int[] numbers;
        private final @Nullable Node above;
        private char[] firsts = {};
        private Node[] children = {};

        private Node(String edge, int[] numbers, @Nullable Node above) {
            this.edge = edge;
            this.numbers = numbers;
            this.above = above;
        }

        private void children(List<Node> nodes) {
            children = nodes.toArray(new Node[0]);
            firsts = new char[children.length];
            for (int i = 0; i < firsts.length; i++) {
                firsts[i] = children[i].edge.charAt(0);
            }
        }

        private @Nullable Node child(char first) {
            int i = Arrays.binarySearch(firsts, first);
            return i < 0 ? null : children[i];
        }

        /** The smallest number beyond {@code last} here or further up; -1 when there is none. */
        int next(int last) {
            int best = -1;
            for (Node node = this; node != null; node = node.above) {
                int i = Arrays.binarySearch(node.numbers, last + 1);
                int at = i < 0 ? -i - 1 : i;
                if (at < node.numbers.length && (best < 0 || node.numbers[at] < best)) {
                    best = node.numbers[at];
                }
            }
            return best;
        }
    }
}
