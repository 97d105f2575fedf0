package dev.gatehouse.cli.compat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Chooses the answer of a stub: by token, by the first rule that fits, or the default. Guarded by its server. */
final class StubScript {
    private final String name;
    private final JsonNode description;
    private final Map<String, Integer> used = new HashMap<>();

    StubScript(String name, JsonNode description) {
        this.name = name;
        this.description = description;
    }

    JsonNode answer(StubRequest request) {
        if (description.has("tokens") || description.has("default_token")) {
            return byToken(request);
        }
        int position = 0;
        for (JsonNode rule : description.path("rules")) {
            if (fits(rule, "method", request.method())
                    && fits(rule, "path", request.path())
                    && fits(rule, "url", request.url())) {
                return next("rule " + position, rule.get("respond"));
            }
            position++;
        }
        return description.has("default") ? next("default", description.get("default")) : unscripted();
    }

    private JsonNode byToken(StubRequest request) {
        String token = FormBody.parse(Text.of(request.body()))
                .getOrDefault("token", List.of(""))
                .get(0);
        JsonNode answers = description.path("tokens").path(token);
        if (answers.isMissingNode()) {
            answers = description.path("default_token");
        }
        return answers.isMissingNode() ? inactive() : next("token " + token, answers);
    }

    private JsonNode unscripted() {
        if (name.startsWith("INTROSPECT")) {
            return inactive();
        }
        return Scripted.JSON
                .createObjectNode()
                .set("json", Scripted.JSON.createObjectNode().put("from", name));
    }

    private static JsonNode inactive() {
        return Scripted.JSON
                .createObjectNode()
                .set("json", Scripted.JSON.createObjectNode().put("active", false));
    }

    /** A list is used up one by one; its last answer stays. */
    private JsonNode next(String key, JsonNode answers) {
        if (answers instanceof ArrayNode list) {
            int position = used.merge(key, 1, Integer::sum) - 1;
            return list.get(Math.min(position, list.size() - 1));
        }
        return answers;
    }

    private static boolean fits(JsonNode rule, String member, String value) {
        return !rule.has(member) || rule.get(member).stringValue().equals(value);
    }
}
