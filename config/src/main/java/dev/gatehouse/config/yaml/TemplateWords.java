package dev.gatehouse.config.yaml;

import dev.gatehouse.config.yaml.Substitution.Piece;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Finds references such as {@code ${requestID}} that are meant for the template of a log message or a rate-limit key and
 * not for the environment: Express Gateway turns them into the word null.
 */
final class TemplateWords {
    private final Positions positions;
    private final List<Piece> candidates;
    private final Set<Piece> found = new HashSet<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<String> path = new ArrayDeque<>();

    private TemplateWords(Positions positions, List<Piece> candidates) {
        this.positions = positions;
        this.candidates = candidates;
    }

    static Set<Piece> in(@Nullable Node root, Positions positions) {
        List<Piece> candidates =
                positions.pieces().stream().filter(Piece::mayBeTemplate).toList();
        TemplateWords words = new TemplateWords(positions, candidates);
        if (root != null && !candidates.isEmpty()) {
            words.visit(root);
        }
        return words.found;
    }

    private void visit(Node node) {
        if (node instanceof ScalarNode && isTemplate()) {
            int from = positions.offset(node.getStartMark());
            int to = positions.offset(node.getEndMark());
            candidates.stream()
                    .filter(piece -> piece.outFrom() >= from && piece.outTo() <= to)
                    .forEach(found::add);
        } else if (seen.add(node) && node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(this::visit);
        } else if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::visitEntry);
        }
    }

    private void visitEntry(NodeTuple entry) {
        path.push(entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "");
        if (!seen.contains(entry.getValueNode())) {
            visit(entry.getValueNode());
        }
        path.pop();
    }

    private boolean isTemplate() {
        String key = path.peek();
        return "rateLimitBy".equals(key) || ("message".equals(key) && path.contains("log"));
    }
}
