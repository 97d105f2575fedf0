package dev.gatehouse.policies.schema;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policy.ConditionFactory.ConditionContext;
import dev.gatehouse.policy.ConfigProblem;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a schema refers to: places in itself, schemas inside it by their {@code $id}, and JSON files beside the
 * configuration, which are read here. Every other reference is refused, so that no start depends on a network. Start-up
 * thread.
 */
final class SchemaReferences {
    /** Where a schema without {@code $id} is. */
    static final String HERE = "gatehouse:/schema.json";

    private static final int MOST_FILES = 100;
    private static final String DRAFT_7 = "http://json-schema.org/draft-07/schema";
    private static final JsonMapper JSON = new JsonMapper();

    /** Keywords whose value is data or text, not a schema. */
    private static final Set<String> DATA = Set.of("enum", "const", "default", "examples");

    private final String path;
    private final ConditionContext context;
    private final Map<String, @Nullable Object> root = new LinkedHashMap<>();
    private final Map<String, String> files = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    /** @throws ConfigProblem E0486 or E0487 */
    SchemaReferences(Node.Mapping written, String path, ConditionContext context) {
        this.path = path;
        this.context = context;
        written.entries().forEach(entry -> root.put(entry.key(), entry.value().plain()));
        // An empty fragment says nothing (RFC 3986 section 4.4), and not every validator knows.
        root.computeIfPresent("$id", (key, id) -> id instanceof String text ? withoutFragment(text) : id);
        URI base = base(root, URI.create(HERE));
        ids.add(base.toString());
        collectIds(root, base);
        follow(root, base, written, written.span());
    }

    /** The schema as a plain tree. */
    Map<String, @Nullable Object> root() {
        return root;
    }

    /** The text of every file, by the address that references to it resolve to. */
    Map<String, String> files() {
        return files;
    }

    boolean isKnown(String address) {
        return files.containsKey(address) || ids.contains(address);
    }

    private void collectIds(@Nullable Object schema, URI base) {
        if (schema instanceof Map<?, ?> map) {
            URI own = base(map, base);
            ids.add(own.toString());
            map.forEach((name, value) -> {
                if (!DATA.contains(String.valueOf(name))) {
                    collectIds(value, own);
                }
            });
        } else if (schema instanceof List<?> list) {
            list.forEach(item -> collectIds(item, base));
        }
    }

    /** @param node where {@code schema} is written, or null inside a file; then {@code span} is what named the file */
    private void follow(@Nullable Object schema, URI base, @Nullable Node node, Span span) {
        Span here = node == null ? span : node.span();
        if (schema instanceof Map<?, ?> map) {
            URI own = base(map, base);
            if (map.get("$ref") instanceof String reference) {
                Node place = child(node, "$ref");
                resolve(reference, own, place == null ? here : place.span());
            }
            map.forEach((name, value) -> {
                if (!DATA.contains(String.valueOf(name))) {
                    follow(value, own, child(node, String.valueOf(name)), here);
                }
            });
        } else if (schema instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Node item = node instanceof Node.Sequence items ? items.items().get(i) : null;
                follow(list.get(i), base, item, here);
            }
        }
    }

    private void resolve(String reference, URI base, Span span) {
        String file = withoutFragment(reference);
        String address = withoutFragment(resolved(base, reference, span).toString());
        if (file.isEmpty() || isKnown(address) || address.equals(DRAFT_7)) {
            return;
        }
        if (resolved(base, file, span).isAbsolute() && (file.contains(":") || file.startsWith("/"))) {
            throw problem(
                    "E0486", span, "'" + reference + "' is not fetched", "put the schema into a file beside this one.");
        }
        if (file.contains("..") || file.contains("%") || files.size() >= MOST_FILES) {
            throw problem("E0486", span, "'" + reference + "' is not followed", "name a file beside this one.");
        }
        read(file, address, span);
    }

    private void read(String file, String address, Span span) {
        String text = context.read(file);
        if (text == null) {
            throw problem(
                    "E0487", span, "the schema file '" + file + "' cannot be read", "check its name and its rights.");
        }
        Object tree;
        try {
            tree = JSON.readValue(text, Object.class);
        } catch (JacksonException malformed) {
            throw problem("E0487", span, "the schema file '" + file + "' is not JSON", "write the schema as JSON.");
        }
        files.put(address, text);
        URI base = base(tree, URI.create(address));
        collectIds(tree, base);
        follow(tree, base, null, span);
    }

    private URI resolved(URI base, String reference, Span span) {
        try {
            return base.resolve(reference);
        } catch (IllegalArgumentException malformed) {
            throw problem(
                    "E0486", span, "'" + reference + "' is no reference", "write '#/definitions/name' or a file.");
        }
    }

    /** The base of what is inside {@code schema}: its own {@code $id}, if that is one. */
    private static URI base(@Nullable Object schema, URI around) {
        if (schema instanceof Map<?, ?> map && map.get("$id") instanceof String id && !id.startsWith("#")) {
            try {
                return URI.create(withoutFragment(around.resolve(id).toString()));
            } catch (IllegalArgumentException malformed) {
                // The schema of schemas says so, with its place.
                return around;
            }
        }
        return around;
    }

    private static String withoutFragment(String address) {
        int fragment = address.indexOf('#');
        return fragment < 0 ? address : address.substring(0, fragment);
    }

    private static @Nullable Node child(@Nullable Node node, String name) {
        return node instanceof Node.Mapping mapping ? mapping.get(name) : null;
    }

    private ConfigProblem problem(String code, Span span, String message, String hint) {
        return new ConfigProblem(new Problem(code, Severity.ERROR, span, path, message, List.of(hint)));
    }
}
