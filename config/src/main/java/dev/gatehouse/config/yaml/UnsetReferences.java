package dev.gatehouse.config.yaml;

import dev.gatehouse.config.yaml.Substitution.Piece;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names every reference without a value together with the option that needs it. Express Gateway would put the word null
 * there, as a port or as a credential.
 */
final class UnsetReferences {
    private final Positions positions;
    private final List<Fault> faults = new ArrayList<>();
    private final Set<Source.Reference> reported = new HashSet<>();

    private UnsetReferences(Positions positions) {
        this.positions = positions;
    }

    /** The faults of a file that could be parsed. */
    static List<Fault> in(Positions positions, String out, @Nullable Node root) {
        UnsetReferences unset = new UnsetReferences(positions);
        if (unset.references().isEmpty()) {
            return List.of();
        }
        if (root != null) {
            unset.visit(root, "");
        }
        unset.reportRest(out);
        return unset.faults;
    }

    /** The faults of a file that could not be parsed, as far as the references stand outside of comment lines. */
    static List<Fault> withoutTree(Positions positions) {
        UnsetReferences unset = new UnsetReferences(positions);
        for (Source.Reference reference : unset.references()) {
            String line = positions.source().lines().get(reference.line() - 1);
            if (!line.stripLeading().startsWith("#")) {
                unset.report(reference, "");
            }
        }
        return unset.faults;
    }

    private List<Source.Reference> references() {
        return positions.source().references().stream()
                .filter(reference -> reference.reads() == null)
                .toList();
    }

    private void visit(Node node, String path) {
        if (node instanceof Node.Mapping mapping) {
            for (Node.Entry entry : mapping.entries()) {
                reportIn(entry.keySpan(), path);
                visit(entry.value(), path.isEmpty() ? entry.key() : path + "." + entry.key());
            }
        } else if (node instanceof Node.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                visit(sequence.items().get(i), path + "[" + i + "]");
            }
        } else if (node instanceof Node.Scalar scalar && scalar.substituted()) {
            reportIn(scalar.span(), path);
        }
    }

    private void reportIn(Span span, String path) {
        for (Source.Reference reference : positions.source().referencesIn(span)) {
            if (reference.reads() == null) {
                report(reference, path);
            }
        }
    }

    /** What is left stands in a comment, where it does no harm, or in an anchor or a tag. */
    private void reportRest(String out) {
        List<Source.Reference> references = positions.source().references();
        for (int i = 0; i < references.size(); i++) {
            Source.Reference reference = references.get(i);
            if (reference.reads() == null && !reported.contains(reference)) {
                Piece piece = positions.pieces().get(i);
                if (inComment(out, piece.outFrom())) {
                    warn(reference);
                } else {
                    report(reference, "");
                }
            }
        }
    }

    private static boolean inComment(String out, int offset) {
        String before = out.substring(Tabs.lineStart(out, offset), offset);
        return before.stripLeading().startsWith("#") || before.contains(" #") || before.contains("\t#");
    }

    private void report(Source.Reference reference, String path) {
        if (!reported.add(reference)) {
            return;
        }
        String name = reference.name();
        String needs = path.isEmpty() ? " and has no default" : ", and '" + path + "' needs it";
        faults.add(
                reference.file()
                        ? new Fault(
                                "E0106",
                                span(reference),
                                path,
                                "file '" + name + "' cannot be read" + (path.isEmpty() ? "" : needs),
                                List.of("check that the file exists, is readable and has at most 64 KiB."))
                        : new Fault(
                                "E0105",
                                span(reference),
                                path,
                                "environment variable '" + name + "' is not set" + needs,
                                List.of("set " + name + ", or give a default: ${" + name + ":-value}.")));
    }

    private void warn(Source.Reference reference) {
        faults.add(new Fault(
                "W0105",
                span(reference),
                "",
                (reference.file() ? "file '" : "environment variable '")
                        + reference.name()
                        + (reference.file() ? "' cannot be read" : "' is not set")
                        + ", but only a comment names it",
                List.of()));
    }

    private Span span(Source.Reference reference) {
        return new Span(
                positions.source(), reference.line(), reference.column(), reference.line(), reference.endColumn());
    }
}
