package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What request and answer descriptions have in common. */
final class Scripted {
    static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Scripted() {}

    static boolean hasBody(JsonNode description) {
        return description.has("json")
                || description.has("body")
                || description.has("body_b64")
                || description.has("body_repeat")
                || description.has("form");
    }

    static byte[] body(JsonNode description) {
        if (description.has("json")) {
            return JSON.writeValueAsBytes(description.get("json"));
        }
        if (description.has("body_b64")) {
            return Base64.getDecoder().decode(description.get("body_b64").stringValue());
        }
        if (description.has("body_repeat")) {
            JsonNode repeat = description.get("body_repeat");
            return repeat.get("text")
                    .stringValue()
                    .repeat(repeat.get("times").intValue())
                    .getBytes(UTF_8);
        }
        if (description.has("form")) {
            return form(description.get("form")).getBytes(UTF_8);
        }
        return description.path("body").stringValue("").getBytes(UTF_8);
    }

    /** {@code {"$now": 30}} becomes the second that is 30 s ahead. */
    static JsonNode atPresent(JsonNode scripted) {
        if (scripted instanceof ObjectNode object) {
            if (object.size() == 1 && object.has("$now")) {
                return JSON.getNodeFactory()
                        .numberNode(Instant.now().getEpochSecond()
                                + object.get("$now").longValue());
            }
            ObjectNode copy = JSON.createObjectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), atPresent(member.getValue())));
            return copy;
        }
        if (scripted instanceof ArrayNode array) {
            ArrayNode copy = JSON.createArrayNode();
            array.forEach(item -> copy.add(atPresent(item)));
            return copy;
        }
        return scripted;
    }

    /** A pause that the case itself asks for: expiry of caches and slow peers are its subject. */
    static void pause(long millis) {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static String form(JsonNode fields) {
        return fields.properties().stream()
                .map(field ->
                        encode(field.getKey()) + "=" + encode(field.getValue().asString()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
