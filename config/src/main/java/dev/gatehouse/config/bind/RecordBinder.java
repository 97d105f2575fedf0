package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Binds located mappings to records by the annotations of their components. Every problem is reported, not only the
 * first. Reflection runs here and never while requests are served; confined to the thread that builds.
 *
 * <p>A component that is neither {@code @Nullable} nor {@code @Default} is required. A constraint in a compact
 * constructor that throws {@link IllegalArgumentException} with the message {@code key: rule} is reported at that key.
 */
public final class RecordBinder {
    private static final Pattern KEY_AND_RULE = Pattern.compile("(?<key>[\\w$-]+): (?<rule>.*)", Pattern.DOTALL);

    private final Problems problems;
    private final UnknownKeys unknownKeys;
    private final Values values;
    private final UnaryOperator<Path> secretFiles;

    /** Takes relative names of files as they are. */
    public RecordBinder(Problems problems, BindOptions options) {
        this(problems, options, UnaryOperator.identity());
    }

    /** @param secretFiles told every file that a {@link Secret} is in; gives where it is */
    public RecordBinder(Problems problems, BindOptions options, UnaryOperator<Path> secretFiles) {
        this.problems = problems;
        this.secretFiles = secretFiles;
        this.unknownKeys = new UnknownKeys(problems, options);
        this.values = new Values(this, problems);
    }

    /** Where the file is that an option names as the place of its secret. */
    Path secretFile(Path named) {
        return secretFiles.apply(named);
    }

    /** The keys that a mapping bound to {@code type} may have. */
    public static Set<String> keys(Class<? extends Record> type) {
        return RecordShape.of(type).keys();
    }

    /**
     * The record, or null after problems were reported.
     *
     * @param node what is written; null = nothing, all defaults
     * @param fallback the place to show when something is missing
     * @param path dotted path of the mapping
     * @param what how messages call the mapping, such as {@code policy 'proxy'}
     */
    public <C extends Record> @Nullable C bind(
            Node.@Nullable Mapping node, Span fallback, String path, String what, Class<C> type) {
        return bind(node, new Place(fallback, path, what), type, "");
    }

    /** Where a mapping stands. */
    record Place(Span span, String path, String what) {
        String path(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }

    <C extends Record> @Nullable C bind(Node.@Nullable Mapping node, Place place, Class<C> type, String name) {
        RecordShape<C> shape = RecordShape.of(type);
        if (node != null) {
            unknownKeys.check(node, shape.keys(), shape::ownerOf, shape.hasRest(), place.path(), place.what());
        }
        List<Option> options = shape.options();
        @Nullable Object[] arguments = new Object[options.size()];
        boolean complete = true;
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(options.get(i), node, place, name);
            complete &= !Values.FAILED.equals(arguments[i]);
        }
        return complete ? make(shape, arguments, node, place) : null;
    }

    private @Nullable Object argument(Option option, Node.@Nullable Mapping node, Place place, String name) {
        return switch (option.role()) {
            case NAME -> name;
            case REST -> node == null ? java.util.Map.of() : node.plain();
            case VALUE -> value(option, node, place);
        };
    }

    private @Nullable Object value(Option option, Node.@Nullable Mapping node, Place place) {
        Node.Entry entry = node == null ? null : written(option, node, place);
        if (entry == null || values.countsAsAbsent(option, entry.value())) {
            return absent(option, entry, place);
        }
        return values.bind(entry.value(), option.type(), Values.Site.of(option, entry, place));
    }

    private Node.@Nullable Entry written(Option option, Node.Mapping node, Place place) {
        Node.Entry entry = entry(node, option.key());
        Alias alias = option.alias();
        Node.Entry other = alias == null ? null : entry(node, alias.value());
        if (alias == null || other == null) {
            return entry;
        }
        if (alias.deprecated()) {
            problems.warn(
                    "W0205",
                    other.keySpan(),
                    place.path(alias.value()),
                    "'" + alias.value() + "' is an old name",
                    "write '" + option.key() + "'.");
            return other;
        }
        return entry == null ? other : entry;
    }

    private @Nullable Object absent(Option option, Node.@Nullable Entry entry, Place place) {
        if (option.absent() != null) {
            return values.fallback(option, option.absent(), place);
        }
        if (option.optional()) {
            return null;
        }
        problems.error(
                "E0201",
                entry == null ? place.span() : entry.keySpan(),
                place.path(option.key()),
                "'" + option.key() + "' of " + place.what() + " is missing",
                "add '" + option.key() + "', " + values.description(option) + ".");
        return Values.FAILED;
    }

    private <C extends Record> @Nullable C make(
            RecordShape<C> shape, @Nullable Object[] arguments, Node.@Nullable Mapping node, Place place) {
        try {
            return shape.make(arguments);
        } catch (IllegalArgumentException refused) {
            refuse(refused, shape, node, place);
            return null;
        }
    }

    private void refuse(
            IllegalArgumentException refused, RecordShape<?> shape, Node.@Nullable Mapping node, Place place) {
        String message = String.valueOf(refused.getMessage());
        Matcher matcher = KEY_AND_RULE.matcher(message);
        if (!matcher.matches() || !shape.keys().contains(matcher.group("key"))) {
            problems.error("E0203", place.span(), place.path(), place.what() + ": " + message);
            return;
        }
        String key = matcher.group("key");
        Node.Entry entry = node == null ? null : entry(node, key);
        problems.error(
                "E0203",
                entry == null ? place.span() : Values.shown(entry),
                place.path(key),
                "'" + place.path(key) + "': " + matcher.group("rule"));
    }

    private static Node.@Nullable Entry entry(Node.Mapping node, String key) {
        for (Node.Entry entry : node.entries()) {
            if (entry.key().equals(key)) {
                return entry;
            }
        }
        return null;
    }
}
