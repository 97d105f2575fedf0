package dev.gatehouse.config.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The entries of one mapping. Merge keys follow js-yaml 3: merged entries stand where {@code <<} stands, never replace
 * a written one, and of several merged mappings the first wins.
 */
final class MappingEntries {
    private final NodeTree tree;
    private final boolean inFlow;
    private final Map<String, Node.Entry> entries = new LinkedHashMap<>();
    private final Set<String> merged = new HashSet<>();

    MappingEntries(NodeTree tree, boolean inFlow) {
        this.tree = tree;
        this.inFlow = inFlow;
    }

    List<Node.Entry> of(MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (isMerge(tuple.getKeyNode())) {
                merge(tree.convert(tuple.getValueNode(), inFlow), tree.span(tuple.getKeyNode()));
            } else {
                put(tuple);
            }
        }
        return new ArrayList<>(entries.values());
    }

    private static boolean isMerge(org.yaml.snakeyaml.nodes.Node key) {
        return key instanceof ScalarNode scalar
                && (key.getTag().equals(Tag.MERGE)
                        || (key.getTag().equals(DialectResolver.PLAIN)
                                && scalar.getValue().equals("<<")));
    }

    private void put(NodeTuple tuple) {
        Node value = tree.convert(tuple.getValueNode(), inFlow);
        String key = key(tuple.getKeyNode());
        if (key == null) {
            return;
        }
        Span span = tree.span(tuple.getKeyNode());
        Node.Entry first = entries.get(key);
        if (first != null && !merged.remove(key)) {
            tree.fault(
                    "E0103",
                    span,
                    "'" + key + "' is written twice",
                    "the first one is in line " + first.keySpan().line() + ", column "
                            + first.keySpan().column() + ".");
            return;
        }
        entries.put(key, new Node.Entry(key, span, value));
    }

    private @Nullable String key(org.yaml.snakeyaml.nodes.Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            tree.fault(
                    "E0102",
                    tree.span(node),
                    "a key must be a word, not a list or a mapping",
                    "'{{NAME}}' is not replaced here; write ${NAME}, or put quotes around the value.");
            return null;
        }
        String text = tree.restored(scalar);
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return text;
        }
        if (!text.isEmpty() && Character.isSpaceChar(text.charAt(0))) {
            tree.fault(
                    "E0101",
                    tree.span(node),
                    "a non-breaking space cannot be used for indentation",
                    "replace it by ordinary spaces.");
            return null;
        }
        Object value = ScalarDialect.value(text);
        return value == null ? "null" : new Node.Scalar(tree.span(node), value, text, false).asText();
    }

    private void merge(Node value, Span span) {
        if (value instanceof Node.Mapping mapping) {
            for (Node.Entry entry : mapping.entries()) {
                if (entries.putIfAbsent(entry.key(), entry) == null) {
                    merged.add(entry.key());
                }
            }
        } else if (value instanceof Node.Sequence sequence
                && sequence.items().stream().allMatch(Node.Mapping.class::isInstance)) {
            sequence.items().forEach(item -> merge(item, span));
        } else {
            tree.fault("E0108", span, "'<<' needs a mapping or a list of mappings", "write '<<: *name'.");
        }
    }
}
