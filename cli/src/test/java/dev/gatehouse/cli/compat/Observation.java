package dev.gatehouse.cli.compat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one step showed, in the shape in which {@code expected} describes it.
 *
 * @param values status, body and the like by the names of the expectation
 * @param fields header of the answer
 * @param received requests by stub
 * @param trouble connection trouble of the client
 */
record Observation(ObjectNode values, List<HttpField> fields, Map<String, List<Seen>> received, String trouble) {
    /** A request at a stub. */
    record Seen(ObjectNode values, List<HttpField> fields) {
        static Seen of(StubRequest request, UnaryOperator<String> restore) {
            ObjectNode values = Scripted.JSON
                    .createObjectNode()
                    .put("method", request.method())
                    .put("url", restore.apply(request.url()))
                    .put("version", request.version())
                    .put("framing", request.framing())
                    .put("body", restore.apply(Text.of(request.body())));
            return new Seen(values, restored(request.fields(), restore));
        }

        String summary() {
            return values.get("method").stringValue() + " " + values.get("url").stringValue();
        }
    }

    static Observation of(ClientAnswer answer, Map<String, List<Seen>> received, UnaryOperator<String> restore) {
        ObjectNode values = Scripted.JSON
                .createObjectNode()
                .put("reason", answer.reason())
                .put("body", restore.apply(Text.of(answer.body())))
                .put("framing", answer.framing())
                .put("truncated", answer.isTruncated())
                .put("peer_sha256", answer.peerSha256())
                .put("elapsed_ms", answer.elapsedMillis());
        values.set("status", answer.status());
        answer.interim().forEach(values.putArray("interim")::add);
        return new Observation(values, restored(answer.fields(), restore), received, answer.trouble());
    }

    /** Of a burst only the number of answers per status is compared. */
    static Observation ofBurst(Map<String, Integer> statuses, long elapsedMillis, Map<String, List<Seen>> received) {
        ObjectNode values = Scripted.JSON.createObjectNode().put("elapsed_ms", elapsedMillis);
        statuses.forEach(values.putObject("statuses")::put);
        return new Observation(values, List.of(), received, "");
    }

    /** One value: text, a list where the field came more than once, or null where it did not come. */
    static JsonNode field(List<HttpField> fields, String name) {
        List<String> values = HttpField.values(fields, name);
        if (values.isEmpty()) {
            return JsonNodeFactory.instance.nullNode();
        }
        return values.size() == 1
                ? JsonNodeFactory.instance.stringNode(values.get(0))
                : Scripted.JSON.valueToTree(values);
    }

    private static List<HttpField> restored(List<HttpField> fields, UnaryOperator<String> restore) {
        return fields.stream()
                .map(field -> new HttpField(restore.apply(field.name()), restore.apply(field.value())))
                .toList();
    }
}
