package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Document;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.SecretFiles;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.config.yaml.YamlReader;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Binds single values to the declared type of a component. */
final class Values {
    /** Stands for a value that could not be bound; its problem has been reported. */
    static final Object FAILED = new Object();

    private static final Set<Class<?>> UNLIMITED = Set.of(Long.class, Integer.class, Double.class, Duration.class);

    // Parsed once: a large file binds the same few hundred texts of annotations again for every step and every reload.
    private static final Map<DefaultText, Document> DEFAULTS = new ConcurrentHashMap<>();

    private record DefaultText(String key, String text, boolean scalar) {}

    private final RecordBinder binder;
    private final Problems problems;

    Values(RecordBinder binder, Problems problems) {
        this.binder = binder;
        this.problems = problems;
    }

    /**
     * Where a value stands.
     *
     * @param key its key, which says whether it is a secret
     * @param span the value
     * @param owner its key, the place for what is missing in it; the value itself in a list
     * @param name name of a record in a mapping or list
     */
    record Site(Option option, String key, Span span, Span owner, String path, String name) {
        static Site of(Option option, Node.Entry entry, RecordBinder.Place place) {
            return new Site(option, entry.key(), shown(entry), entry.keySpan(), place.path(entry.key()), entry.key());
        }

        Site item(Node item, int index) {
            return new Site(option, key, item.span(), item.span(), path + "[" + index + "]", "#" + (index + 1));
        }

        Site entry(Node.Entry entry) {
            return new Site(option, entry.key(), shown(entry), entry.keySpan(), path + "." + entry.key(), entry.key());
        }

        boolean oneOrMany() {
            return option.oneOrMany();
        }
    }

    /** The place of a value, or of its key when nothing is written. */
    static Span shown(Node.Entry entry) {
        Span span = entry.value().span();
        boolean empty = span.line() == span.endLine() && span.column() == span.endColumn();
        return empty ? entry.keySpan() : span;
    }

    /** Whether a written null means that the option is not there; Express Gateway makes 0 or an empty text of others. */
    boolean countsAsAbsent(Option option, Node value) {
        boolean isNull = value instanceof Node.Scalar scalar
                && scalar.value() == null
                && unset(scalar).isEmpty();
        return isNull && (option.optional() || !isScalar(option.type()));
    }

    /** How a missing option is described in a hint. */
    String description(Option option) {
        Class<?> raw = raw(option.type());
        if (isScalar(option.type())) {
            return Coercion.expected(raw, option.unit());
        }
        return List.class.isAssignableFrom(raw) || Set.class.isAssignableFrom(raw) ? "a list" : "a mapping";
    }

    private static Document readDefault(DefaultText written) {
        return written.scalar()
                ? YamlReader.scalar(written.text())
                : new YamlReader(Map.of(), Path.of("")).read("default of '" + written.key() + "'", written.text());
    }

    @Nullable
    Object fallback(Option option, String text, RecordBinder.Place place) {
        boolean scalarText = isScalar(option.type()) && !option.oneOrMany();
        Node node = DEFAULTS.computeIfAbsent(new DefaultText(option.key(), text, scalarText), Values::readDefault)
                .root();
        if (node == null || (node instanceof Node.Scalar scalar && option.optional() && scalar.value() == null)) {
            return null;
        }
        return bind(
                node,
                option.type(),
                new Site(option, option.key(), place.span(), place.span(), place.path(option.key()), ""));
    }

    @Nullable
    Object bind(Node node, Type type, Site site) {
        if (node instanceof Node.Scalar scalar && !RecordShape.isNode(raw(type))) {
            List<Source.Reference> unset = unset(scalar);
            if (!unset.isEmpty()) {
                return reportUnset(unset, scalar, type, site);
            }
        }
        if (type instanceof ParameterizedType generic) {
            return generic(node, generic, site);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == Object.class) {
            return node.plain();
        }
        if (RecordShape.isNode(raw)) {
            return raw.isInstance(node) ? node : mismatch(node, nodeName(raw), site);
        }
        Class<? extends Record> record = RecordShape.record(raw);
        return record == null ? scalar(node, raw, site) : record(node, record, site);
    }

    private @Nullable Object generic(Node node, ParameterizedType type, Site site) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Located.class) {
            Object value = bind(node, arguments[0], site);
            return value == null || FAILED.equals(value) ? value : new Located<>(value, node.span());
        }
        if (raw == Map.class) {
            return node instanceof Node.Mapping mapping
                    ? map(mapping, arguments[1], site)
                    : mismatch(node, "a mapping", site);
        }
        if (node instanceof Node.Sequence sequence) {
            return items(sequence.items(), arguments[0], site, raw == Set.class);
        }
        return site.oneOrMany()
                ? items(List.of(node), arguments[0], site, raw == Set.class)
                : mismatch(node, "a list", site);
    }

    private Object items(List<Node> nodes, Type type, Site site, boolean unique) {
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            items.add(bind(nodes.get(i), type, site.item(nodes.get(i), i)));
        }
        if (items.contains(FAILED)) {
            return FAILED;
        }
        return unique ? Collections.unmodifiableSet(new LinkedHashSet<>(items)) : Collections.unmodifiableList(items);
    }

    private Object map(Node.Mapping mapping, Type type, Site site) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Node.Entry entry : mapping.entries()) {
            map.put(entry.key(), bind(entry.value(), type, site.entry(entry)));
        }
        return map.containsValue(FAILED) ? FAILED : Collections.unmodifiableMap(map);
    }

    private Object record(Node node, Class<? extends Record> type, Site site) {
        boolean nothing = node instanceof Node.Scalar scalar && scalar.value() == null;
        Node.Mapping mapping = nothing ? null : asMapping(node, type, site);
        if (!nothing && mapping == null) {
            return mismatch(node, "a mapping", site);
        }
        RecordBinder.Place place = new RecordBinder.Place(site.owner(), site.path(), "'" + site.path() + "'");
        Record bound = binder.bind(mapping, place, type, site.name());
        return bound == null ? FAILED : bound;
    }

    /** The mapping, also the one that a single value is short for; null when it is neither. */
    private static Node.@Nullable Mapping asMapping(Node node, Class<? extends Record> type, Site site) {
        String shorthand = RecordShape.of(type).shorthand();
        if (shorthand != null && node instanceof Node.Scalar) {
            return new Node.Mapping(node.span(), List.of(new Node.Entry(shorthand, site.owner(), node)));
        }
        return node instanceof Node.Mapping mapping ? mapping : null;
    }

    private @Nullable Object scalar(Node node, Class<?> type, Site site) {
        if (type == Secret.class && node instanceof Node.Mapping place && isFile(place)) {
            return fromFile(place.entries().get(0), site);
        }
        String expected = Coercion.expected(type, site.option().unit());
        if (!(node instanceof Node.Scalar scalar)) {
            return mismatch(node, expected, site);
        }
        if (site.option().optional()
                && UNLIMITED.contains(type)
                && scalar.text().equals("unlimited")) {
            return null;
        }
        Object value = Coercion.convert(scalar, type, site.option().unit());
        return value == null ? mismatch(node, expected, site) : value;
    }

    private static boolean isFile(Node.Mapping mapping) {
        return mapping.entries().size() == 1 && mapping.entries().get(0).key().equals("file");
    }

    /** A secret that is not written down but in a file: {@code {file: path}}. */
    private Object fromFile(Node.Entry entry, Site site) {
        if (!(bind(entry.value(), Path.class, site.entry(entry)) instanceof Path named)) {
            return FAILED;
        }
        String content = SecretFiles.content(binder.secretFile(named));
        if (content != null && !content.isEmpty()) {
            return new Secret(content);
        }
        problems.error(
                "E0106",
                shown(entry),
                site.path() + ".file",
                "'" + site.path() + "': file '" + named + "' " + (content == null ? "cannot be read" : "is empty"),
                content == null
                        ? "it must exist, be readable and hold at most 64 KiB."
                        : "put the secret there, with at most one line end behind it.");
        return FAILED;
    }

    private Object mismatch(Node node, String expected, Site site) {
        boolean secret = SecretNames.matches(site.key()) || raw(site.option().type()) == Secret.class;
        String message = "'" + site.path() + "': expected " + expected + ", found " + Found.in(node, secret);
        String code = node instanceof Node.Scalar && isScalar(site.option().type()) ? "E0203" : "E0202";
        List<String> hints = Found.hints(node, site.option().type(), secret);
        problems.error(code, site.span(), site.path(), message, hints.toArray(String[]::new));
        return FAILED;
    }

    private Object reportUnset(List<Source.Reference> unset, Node.Scalar scalar, Type type, Site site) {
        for (Source.Reference reference : unset) {
            Found.reportUnset(problems, reference, scalar.span().source(), site.path(), inner(type));
        }
        return FAILED;
    }

    private static List<Source.Reference> unset(Node.Scalar scalar) {
        return !scalar.substituted()
                ? List.of()
                : scalar.span().source().referencesIn(scalar.span()).stream()
                        .filter(reference -> reference.reads() == null)
                        .toList();
    }

    static boolean isScalar(Type type) {
        Class<?> raw = raw(type);
        if (raw == Located.class) {
            return isScalar(((ParameterizedType) type).getActualTypeArguments()[0]);
        }
        boolean collection = raw == List.class || raw == Set.class || raw == Map.class;
        return !collection && raw != Object.class && !RecordShape.isNode(raw) && RecordShape.record(raw) == null;
    }

    private static Class<?> inner(Type type) {
        boolean located = type instanceof ParameterizedType generic && generic.getRawType() == Located.class;
        return raw(located ? ((ParameterizedType) type).getActualTypeArguments()[0] : type);
    }

    private static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    private static String nodeName(Class<?> node) {
        return node == Node.Mapping.class ? "a mapping" : node == Node.Sequence.class ? "a list" : "a single value";
    }
}
