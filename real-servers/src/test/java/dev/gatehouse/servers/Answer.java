package dev.gatehouse.servers;

import java.net.http.HttpHeaders;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answered. */
public record Answer(int status, HttpHeaders headers, String body) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The first value of a header, empty when it is absent. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The challenges of {@code WWW-Authenticate}. */
    public List<String> challenges() {
        return headers.allValues("www-authenticate");
    }

    /** A text member of the JSON object that is the body; empty when it is absent. */
    public String text(String member) {
        JsonNode value = JSON.readTree(body).path(member);
        return value.isMissingNode() ? "" : value.asString();
    }
}
