package dev.gatehouse.cli.compat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How the gateway did on one case: whether it started, and what each step showed.
 *
 * @param startFailure why the gateway did not start; empty when it did
 * @param observations one per request step, fewer when the start was all that counts
 */
record CaseRun(CompatCase subject, String startFailure, List<Observation> observations) {
    /** Differences from what is accepted in a mode; none when the case passes. */
    List<String> differences(Mode mode) {
        String startup = startFailure.isEmpty() ? "ok" : "fail";
        List<String> allowed = subject.allowedStartups(mode);
        if (!allowed.contains(startup)) {
            return List.of("startup: expected " + String.join("/", allowed) + ", got " + startup + " " + startFailure);
        }
        List<String> differences = new ArrayList<>();
        List<JsonNode> requests = subject.requestSteps();
        for (int i = 0; i < observations.size(); i++) {
            differences.addAll(stepDifferences(requests.get(i), observations.get(i), mode));
        }
        return differences;
    }

    private static List<String> stepDifferences(JsonNode step, Observation seen, Mode mode) {
        List<JsonNode> preferred = mode == Mode.EXPRESS_GATEWAY ? List.of() : CompatCase.preferred(step);
        List<String> differences = new ArrayList<>();
        if (mode != Mode.PREFERRED || preferred.isEmpty()) {
            differences.addAll(Expectation.differences(step.get("expected"), seen));
            if (differences.isEmpty()) {
                return differences;
            }
        }
        for (JsonNode alternative : preferred) {
            List<String> others = Expectation.differences(alternative, seen);
            if (others.isEmpty()) {
                return others;
            }
            others.forEach(other -> differences.add("preferred: " + other));
        }
        JsonNode request = step.get("request");
        differences.add(
                0,
                request.path("method").stringValue("GET") + " "
                        + request.path("path").stringValue("/") + " "
                        + seen.trouble());
        return differences;
    }
}
