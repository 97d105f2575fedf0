package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words for what stands in the file where something else belongs. */
public final class Found {
    private static final Pattern GLUED = Pattern.compile("(?<key>[\\w$.-]+):(?<value>[^\\s/].*)");
    private static final int SHOWN = 60;

    private Found() {}

    /** A short description of the value, without the value itself when it is a secret. */
    public static String in(Node node, boolean secret) {
        if (!(node instanceof Node.Scalar scalar)) {
            return node instanceof Node.Sequence ? "a list" : "a mapping";
        }
        if (scalar.value() == null) {
            return "nothing";
        }
        boolean fromFile = scalar.span().source().referencesIn(scalar.span()).stream()
                .anyMatch(reference -> reference.file() || SecretNames.matches(reference.name()));
        String text = scalar.text();
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return secret || fromFile
                ? "\"***\""
                : "\"" + shown.replace("\n", "\\n").replace("\r", "\\r") + "\"";
    }

    /** What to do about a value that is no mapping or list. */
    public static String[] hints(Node node) {
        return hints(node, List.class, true).toArray(String[]::new);
    }

    /** What to do about it, where that can be guessed. */
    static List<String> hints(Node node, Type type, boolean secret) {
        List<String> hints = new ArrayList<>();
        if (!(node instanceof Node.Scalar scalar)) {
            return hints;
        }
        String text = scalar.text();
        Matcher glued = GLUED.matcher(text);
        if (!Values.isScalar(type) && glued.matches()) {
            hints.add("put a space after the colon of '" + glued.group("key") + ":'.");
        } else if (!Values.isScalar(type) && !secret && !text.isEmpty() && !scalar.substituted()) {
            hints.add("write a list, such as [" + text + "].");
        }
        if (text.endsWith(",")) {
            hints.add("remove the comma.");
        }
        if (type instanceof Class<?> raw && raw.isEnum()) {
            String near = Nearest.to(text, Coercion.names(raw));
            if (near != null) {
                hints.add("did you mean '" + near + "'?");
            }
        }
        return hints;
    }

    /** Names a variable that is not set, and what its option must be. */
    static void reportUnset(Problems problems, Source.Reference reference, Source source, String path, Class<?> type) {
        String name = reference.name();
        Span span = new Span(source, reference.line(), reference.column(), reference.line(), reference.endColumn());
        if (reference.file()) {
            // The reader has reported it already; the type of the option does not matter.
            return;
        }
        problems.error(
                "E0105",
                span,
                path,
                "environment variable '" + name + "' is not set, and '" + path + "' must be " + noun(path, type),
                SecretNames.matches(name) || SecretNames.matches(path.substring(path.lastIndexOf('.') + 1))
                        ? "set " + name + "."
                        : "set " + name + ", or give a default: ${" + name + ":-" + example(path, type) + "}.");
    }

    private static String noun(String path, Class<?> type) {
        if (isUrl(path, type)) {
            return "a URL";
        }
        if (type == String.class || type == Secret.class) {
            return "a text";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type) || type == Duration.class) {
            return "a number";
        }
        if (type.isEnum()) {
            return "one of " + String.join(", ", Coercion.names(type));
        }
        return "set";
    }

    private static boolean isUrl(String path, Class<?> type) {
        return type == URI.class || path.endsWith("url");
    }

    private static String example(String path, Class<?> type) {
        if (path.endsWith("port")) {
            return "8080";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "false";
        }
        if (isUrl(path, type)) {
            return "https://example.com";
        }
        if (type.isEnum()) {
            return Coercion.names(type).get(0);
        }
        return type.isPrimitive() || Number.class.isAssignableFrom(type) || type == Duration.class ? "60" : "value";
    }
}
