package dev.gatehouse.config.yaml;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns SnakeYAML's nodes into ours: values of the js-yaml 3 dialect, unique keys, merge keys resolved, places in the
 * file as written. Aliases share one node, so a file cannot grow in memory; what it would be when written out is
 * bounded, because everybody who walks the tree walks it written out.
 */
final class NodeTree {
    private static final long MAX_VALUES = 1_000_000;

    private final Positions positions;
    private final Substitution.Result substituted;
    private final ScalarValues scalars;
    private final List<Fault> faults = new ArrayList<>();
    private final IdentityHashMap<org.yaml.snakeyaml.nodes.Node, Node> done = new IdentityHashMap<>();
    private final IdentityHashMap<org.yaml.snakeyaml.nodes.Node, Boolean> open = new IdentityHashMap<>();
    private final IdentityHashMap<Node, Long> sizes = new IdentityHashMap<>();
    private boolean tooLarge;

    NodeTree(Positions positions, Substitution.Result substituted) {
        this.positions = positions;
        this.substituted = substituted;
        this.scalars = new ScalarValues(faults);
    }

    List<Fault> faults() {
        return faults;
    }

    Node convert(org.yaml.snakeyaml.nodes.Node node) {
        return convert(node, false);
    }

    Node convert(org.yaml.snakeyaml.nodes.Node node, boolean inFlow) {
        Node known = done.get(node);
        if (known != null) {
            return known;
        }
        if (open.put(node, true) != null) {
            fault(
                    "E0108",
                    span(node),
                    "this value refers to itself",
                    "remove the alias that leads back to its own anchor.");
            return nothing(node);
        }
        Node made = make(node, inFlow);
        open.remove(node);
        done.put(node, made);
        return limited(made);
    }

    Span span(org.yaml.snakeyaml.nodes.Node node) {
        int from = positions.offset(node.getStartMark());
        int to = positions.offset(node.getEndMark());
        boolean flow = node instanceof CollectionNode<?> collection && collection.getFlowStyle() == FlowStyle.FLOW;
        while (!flow && to > from && Character.isWhitespace(positions.charAt(to - 1))) {
            to--;
        }
        return positions.span(from, to);
    }

    String restored(ScalarNode scalar) {
        return substituted.restore(scalar.getValue());
    }

    void fault(String code, Span span, String message, String... hints) {
        faults.add(new Fault(code, span, "", message, List.of(hints)));
    }

    private Node make(org.yaml.snakeyaml.nodes.Node node, boolean inFlow) {
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar, inFlow);
        }
        if (open.size() > YamlReader.MAX_DEPTH) {
            String limit = YamlReader.MAX_DEPTH + " levels";
            fault("E0109", span(node), "values are nested deeper than " + limit);
            return nothing(node);
        }
        if (node instanceof SequenceNode sequence) {
            checkTag(node, Tag.SEQ);
            boolean flow = inFlow || sequence.getFlowStyle() == FlowStyle.FLOW;
            List<Node> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(convert(item, flow)));
            return new Node.Sequence(span(node), items);
        }
        checkTag(node, Tag.MAP);
        MappingNode mapping = (MappingNode) node;
        boolean flow = inFlow || mapping.getFlowStyle() == FlowStyle.FLOW;
        return new Node.Mapping(span(node), new MappingEntries(this, flow).of(mapping));
    }

    private Node scalar(ScalarNode scalar, boolean inFlow) {
        int from = positions.offset(scalar.getStartMark());
        int to = positions.offset(scalar.getEndMark());
        Span span = span(scalar);
        String text = restored(scalar);
        boolean hasPlaceholder = !text.equals(scalar.getValue());
        Object value = hasPlaceholder ? text : scalars.value(scalar, span, inFlow);
        return new Node.Scalar(span, value, text, positions.substituted(from, to));
    }

    private void checkTag(org.yaml.snakeyaml.nodes.Node node, Tag allowed) {
        if (!node.getTag().equals(allowed)) {
            faults.add(ScalarValues.unknownTag(node.getTag(), span(node)));
        }
    }

    private Node limited(Node node) {
        long size = size(node);
        sizes.put(node, size);
        if (size <= MAX_VALUES) {
            return node;
        }
        if (!tooLarge) {
            tooLarge = true;
            fault("E0108", node.span(), "the aliases below this place stand for more than a million values");
        }
        Node nothing = new Node.Scalar(node.span(), null, "", false);
        sizes.put(nothing, 1L);
        return nothing;
    }

    private long size(Node node) {
        long size = 1;
        if (node instanceof Node.Sequence sequence) {
            for (Node item : sequence.items()) {
                size += sizes.getOrDefault(item, 1L);
            }
        } else if (node instanceof Node.Mapping mapping) {
            for (Node.Entry entry : mapping.entries()) {
                size += sizes.getOrDefault(entry.value(), 1L);
            }
        }
        return size;
    }

    private Node nothing(org.yaml.snakeyaml.nodes.@Nullable Node node) {
        Span span = node == null ? positions.written(0, 0) : span(node);
        return new Node.Scalar(span, null, "", false);
    }
}
