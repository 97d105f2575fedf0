package dev.gatehouse.cli.compat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns <code>{{NAME}}</code> into the addresses of one run, and back in what is observed. */
final class Placeholders {
    private static final Pattern NAME = Pattern.compile("\\{\\{([A-Z0-9_]+)}}");

    private final Map<String, String> urls = new LinkedHashMap<>();
    private final Map<String, String> ports = new LinkedHashMap<>();

    /** A server with a URL: <code>{{NAME}}</code> and <code>{{NAME_PORT}}</code>. */
    void server(String name, String url, int port) {
        urls.put(name, url);
        port(name + "_PORT", port);
    }

    void port(String name, int port) {
        ports.put(name, Integer.toString(port));
    }

    /** Any other text, such as the name of a directory. */
    void text(String name, String text) {
        urls.put(name, text);
    }

    String fill(String text) {
        return NAME.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            String known = urls.getOrDefault(name, ports.get(name));
            return Matcher.quoteReplacement(known == null ? found.group() : known);
        });
    }

    JsonNode fill(JsonNode node) {
        if (node.isString()) {
            return Scripted.JSON.getNodeFactory().stringNode(fill(node.stringValue()));
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Scripted.JSON.createObjectNode();
            object.properties().forEach(member -> copy.set(fill(member.getKey()), fill(member.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Scripted.JSON.createArrayNode();
            array.forEach(item -> copy.add(fill(item)));
            return copy;
        }
        return node;
    }

    /** The inverse: addresses of this run become placeholders again. */
    String restore(String text) {
        String restored = text;
        for (Map.Entry<String, String> url : urls.entrySet()) {
            restored = restored.replace(url.getValue(), "{{" + url.getKey() + "}}");
        }
        for (Map.Entry<String, String> port : ports.entrySet()) {
            restored = restored.replaceAll(
                    "\\b" + port.getValue() + "\\b", Matcher.quoteReplacement("{{" + port.getKey() + "}}"));
        }
        return restored;
    }
}
