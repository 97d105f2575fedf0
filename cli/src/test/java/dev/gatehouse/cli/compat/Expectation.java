package dev.gatehouse.cli.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares one step's observation with one {@code expected} or {@code preferred} block, which names only what counts.
 *
 * <p>Values are equal or matched by objects whose names begin with {@code $}, see {@link Matchers}.
 */
final class Expectation {
    private final List<String> differences = new ArrayList<>();

    private Expectation() {}

    /** One readable line for each difference. */
    static List<String> differences(JsonNode expected, Observation seen) {
        Expectation comparison = new Expectation();
        expected.properties().forEach(member -> comparison.member(member.getKey(), member.getValue(), seen));
        if (seen.values().path("gateway_exited").booleanValue(false) && !expected.has("gateway_exited")) {
            comparison.add("gateway_exited", "the gateway process has ended");
        }
        return comparison.differences;
    }

    static List<String> differences(JsonNode expected, JsonNode seen, String path) {
        Expectation comparison = new Expectation();
        comparison.value(expected, seen, path);
        return comparison.differences;
    }

    private void member(String name, JsonNode expected, Observation seen) {
        if (name.equals("headers")) {
            fields(expected, seen.fields(), "headers.");
        } else if (name.equals("received")) {
            expected.properties()
                    .forEach(stub -> received(
                            stub.getValue(),
                            seen.received().getOrDefault(stub.getKey(), List.of()),
                            "received." + stub.getKey()));
        } else {
            value(expected, orNull(seen.values().get(name)), name);
        }
    }

    private void fields(JsonNode expected, List<HttpField> seen, String path) {
        expected.properties()
                .forEach(field ->
                        value(field.getValue(), Observation.field(seen, field.getKey()), path + field.getKey()));
    }

    private void received(JsonNode expected, List<Observation.Seen> seen, String path) {
        if (expected.isObject()) {
            receivedByMatcher(expected, seen, path);
            return;
        }
        if (expected.size() != seen.size()) {
            add(
                    path,
                    "expected " + expected.size() + " request(s), got "
                            + seen.stream().map(Observation.Seen::summary).toList());
            return;
        }
        for (int i = 0; i < seen.size(); i++) {
            request(expected.get(i), seen.get(i), path + "[" + i + "]");
        }
    }

    private void receivedByMatcher(JsonNode expected, List<Observation.Seen> seen, String path) {
        if (expected.has("$one_of")) {
            List<String> tried = new ArrayList<>();
            for (JsonNode alternative : expected.get("$one_of")) {
                Expectation attempt = new Expectation();
                attempt.received(alternative, seen, path);
                if (attempt.differences.isEmpty()) {
                    return;
                }
                tried.addAll(attempt.differences);
            }
            differences.addAll(tried);
        } else {
            ArrayNode requests = Scripted.JSON.createArrayNode();
            seen.forEach(request -> requests.add(request.values()));
            value(expected, requests, path);
        }
    }

    private void request(JsonNode expected, Observation.Seen seen, String path) {
        expected.properties().forEach(member -> {
            if (member.getKey().equals("headers")) {
                fields(member.getValue(), seen.fields(), path + ".headers.");
            } else {
                value(member.getValue(), orNull(seen.values().get(member.getKey())), path + "." + member.getKey());
            }
        });
    }

    private void value(JsonNode expected, JsonNode seen, String path) {
        if (Matchers.isMatcher(expected)) {
            expected.properties()
                    .forEach(matcher ->
                            differences.addAll(Matchers.apply(matcher.getKey(), matcher.getValue(), seen, path)));
        } else if (expected instanceof ObjectNode wanted && seen instanceof ObjectNode got) {
            members(wanted, got, path);
        } else if (expected instanceof ArrayNode && seen instanceof ArrayNode && expected.size() == seen.size()) {
            for (int i = 0; i < seen.size(); i++) {
                value(expected.get(i), seen.get(i), path + "[" + i + "]");
            }
        } else if (!equal(expected, seen)) {
            add(path, "expected " + shortened(expected) + ", got " + shortened(seen));
        }
    }

    private void members(ObjectNode expected, ObjectNode seen, String path) {
        TreeSet<String> names = new TreeSet<>(expected.propertyNames());
        names.addAll(seen.propertyNames());
        for (String name : names) {
            if (!expected.has(name)) {
                add(path + "." + name, "unexpected " + shortened(seen.get(name)));
            } else if (seen.has(name) || !expected.get(name).isNull()) {
                value(expected.get(name), orNull(seen.get(name)), path + "." + name);
            }
        }
    }

    private void add(String path, String text) {
        differences.add(path + ": " + text);
    }

    /** 1 and 1.0 are the same number. */
    private static boolean equal(JsonNode expected, JsonNode seen) {
        if (expected.isNumber() && seen.isNumber()) {
            return expected.decimalValue().compareTo(seen.decimalValue()) == 0;
        }
        return expected.equals(seen);
    }

    private static JsonNode orNull(@Nullable JsonNode node) {
        return node == null ? JsonNodeFactory.instance.nullNode() : node;
    }

    static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() <= 300 ? text : text.substring(0, 300) + "... (" + text.length() + " characters)";
    }
}
