package dev.gatehouse.config;

import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Found;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.bind.SecretNames;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.bind.UnknownKeys;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the readers of the sections share while one file is read. */
final class Reading {
    /** Errors after which the rest of the configuration can still be checked: it has no gaps. */
    private static final Set<String> HARMLESS = Set.of("E0105", "E0204", "E0206", "E0301", "E0303", "E0304", "E0403");

    private final ReadOptions options;
    private final Problems problems;
    private final RecordBinder binder;
    private final UnknownKeys unknownKeys;
    private boolean complete = true;

    /** @param secretFiles see {@link RecordBinder} */
    Reading(ReadOptions options, boolean lenient, Problems problems, UnaryOperator<Path> secretFiles) {
        this.options = options;
        this.problems = problems;
        BindOptions bindOptions = new BindOptions(options.lenient() || lenient);
        this.binder = new RecordBinder(problems, bindOptions, secretFiles);
        this.unknownKeys = new UnknownKeys(problems, bindOptions);
    }

    ReadOptions options() {
        return options;
    }

    Problems problems() {
        return problems;
    }

    /** Whether everything read so far is there, with mistakes at most in keys and references. */
    boolean isComplete() {
        return complete && problems.all().stream().noneMatch(Reading::breaksStructure);
    }

    <C extends Record> @Nullable C bind(
            Node.@Nullable Mapping node, Span fallback, String path, String what, Class<C> type) {
        C bound = binder.bind(node, fallback, path, what, type);
        complete &= bound != null;
        return bound;
    }

    private static boolean breaksStructure(Problem problem) {
        return problem.severity() == Severity.ERROR
                && problem.code().startsWith("E")
                && !HARMLESS.contains(problem.code());
    }

    void checkKeys(
            Node.Mapping mapping,
            Collection<String> known,
            Function<String, @Nullable String> owner,
            String path,
            String what) {
        unknownKeys.check(mapping, known, owner, false, path, what);
    }

    /** The entries of a section that is a mapping, empty when it is absent or null. */
    List<Node.Entry> entries(Node.@Nullable Entry section) {
        if (section == null || isNull(section.value())) {
            return List.of();
        }
        Node.Mapping mapping = mapping(section.value(), place(section), section.key());
        return mapping == null ? List.of() : mapping.entries();
    }

    /** The value as a mapping, or null after a report. */
    Node.@Nullable Mapping mapping(Node value, Span place, String path) {
        if (value instanceof Node.Mapping mapping) {
            return mapping;
        }
        reportKind(value, place, path, "a mapping");
        return null;
    }

    void reportKind(Node value, Span place, String path, String expected) {
        String found = Found.in(value, SecretNames.matches(path.substring(path.lastIndexOf('.') + 1)));
        problems.error(
                "E0202", place, path, "'" + path + "': expected " + expected + ", found " + found, Found.hints(value));
        complete = false;
    }

    /** The place of a value, or of its key when nothing is written. */
    static Span place(Node.Entry entry) {
        return isNull(entry.value()) && isEmpty(entry.value().span())
                ? entry.keySpan()
                : entry.value().span();
    }

    static boolean isNull(Node node) {
        return node instanceof Node.Scalar scalar && scalar.value() == null;
    }

    static Node.@Nullable Entry entry(Node.Mapping mapping, String key) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    private static boolean isEmpty(Span span) {
        return span.line() == span.endLine() && span.column() == span.endColumn();
    }
}
