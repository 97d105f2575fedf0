package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code $...} members of an expectation. A matcher that is not known here is an error of the case. */
final class Matchers {
    private Matchers() {}

    static boolean isMatcher(JsonNode expected) {
        return expected.isObject()
                && !expected.isEmpty()
                && expected.propertyNames().stream().allMatch(name -> name.startsWith("$"));
    }

    /** Applies one matcher and returns the differences; none when it matches. */
    static List<String> apply(String matcher, JsonNode wanted, JsonNode seen, String path) {
        return switch (matcher) {
            case "$json" -> json(wanted, seen, path);
            case "$form" -> Expectation.differences(wanted, form(seen.stringValue("")), path + ".form");
            case "$count" -> Expectation.differences(wanted, count(seen), path + ".count");
            case "$one_of" -> oneOf(wanted, seen, path);
            default ->
                matches(matcher, wanted, seen)
                        ? List.of()
                        : List.of(path + ": expected " + matcher + " " + Expectation.shortened(wanted) + ", got "
                                + Expectation.shortened(seen));
        };
    }

    private static boolean matches(String matcher, JsonNode wanted, JsonNode seen) {
        return switch (matcher) {
            case "$any" -> true;
            case "$present" -> !seen.isNull() == wanted.booleanValue();
            case "$regex" -> seen.isString() && found(wanted, seen);
            case "$not_regex" -> !seen.isString() || !found(wanted, seen);
            case "$contains" -> seen.isString() && seen.stringValue().contains(wanted.stringValue());
            case "$length" -> bytes(seen).length == wanted.intValue();
            case "$sha256" -> sha256(bytes(seen)).equals(wanted.stringValue());
            case "$min" -> seen.isNumber() && seen.doubleValue() >= wanted.doubleValue();
            case "$max" -> seen.isNumber() && seen.doubleValue() <= wanted.doubleValue();
            case "$tokens" -> tokens(seen).equals(tokens(wanted));
            default -> throw new IllegalArgumentException("unknown matcher " + matcher);
        };
    }

    private static List<String> oneOf(JsonNode wanted, JsonNode seen, String path) {
        boolean any = StreamSupport.stream(wanted.spliterator(), false)
                .anyMatch(alternative ->
                        Expectation.differences(alternative, seen, path).isEmpty());
        return any
                ? List.of()
                : List.of(path + ": expected one of " + Expectation.shortened(wanted) + ", got "
                        + Expectation.shortened(seen));
    }

    private static List<String> json(JsonNode wanted, JsonNode seen, String path) {
        try {
            return Expectation.differences(wanted, Scripted.JSON.readTree(seen.stringValue("")), path + ".json");
        } catch (JacksonException e) {
            return List.of(path + ": expected JSON, got " + Expectation.shortened(seen));
        }
    }

    private static ObjectNode form(String text) {
        ObjectNode form = Scripted.JSON.createObjectNode();
        FormBody.parse(text)
                .forEach((name, values) ->
                        form.set(name, Scripted.JSON.valueToTree(values.size() == 1 ? values.get(0) : values)));
        return form;
    }

    private static JsonNode count(JsonNode seen) {
        int count = seen.isString() ? seen.stringValue().length() : seen.isContainer() ? seen.size() : -1;
        return Scripted.JSON.getNodeFactory().numberNode(count);
    }

    private static boolean found(JsonNode wanted, JsonNode seen) {
        return Pattern.compile(wanted.stringValue(), Pattern.DOTALL)
                .matcher(seen.stringValue())
                .find();
    }

    private static byte[] bytes(JsonNode seen) {
        return seen.stringValue("").getBytes(UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The items of a comma-separated list, in which order, case and repetition have no meaning. */
    private static Set<String> tokens(JsonNode list) {
        List<String> texts = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(item -> texts.add(item.stringValue()));
        } else {
            texts.add(list.stringValue(""));
        }
        Set<String> tokens = new TreeSet<>();
        texts.stream()
                .flatMap(text -> Stream.of(text.split(",")))
                .map(token -> token.strip().toLowerCase(Locale.ROOT))
                .filter(token -> !token.isEmpty())
                .forEach(tokens::add);
        return tokens;
    }
}
