package dev.gatehouse.cli.compat;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** One recorded case: a configuration, scripted servers, steps and what each step has to show. */
record CompatCase(String id, String area, JsonNode document) {
    private static final Set<String> MEMBERS = Set.of(
            "id",
            "area",
            "title",
            "deviation",
            "reason",
            "note",
            "config",
            "env",
            "files",
            "setup",
            "stubs",
            "steps",
            "isolate",
            "watch",
            "expected_startup",
            "preferred_startup",
            "start_timeout_s");
    private static final Set<String> STEP_MEMBERS = Set.of(
            "request",
            "expected",
            "preferred",
            "timeout_ms",
            "sleep_ms",
            "write_config",
            "burst",
            "settle_ms",
            "settle_max_ms");

    CompatCase {
        refuseUnknown(id, document, MEMBERS);
        document.get("steps").forEach(step -> refuseUnknown(id, step, STEP_MEMBERS));
    }

    /** The cases of all files, one file for each area. */
    static List<CompatCase> all() throws IOException {
        List<CompatCase> cases = new ArrayList<>();
        for (Path file : files("/compat")) {
            String area = String.valueOf(file.getFileName()).replace(".json", "");
            for (JsonNode document : Scripted.JSON.readTree(file)) {
                cases.add(new CompatCase(document.get("id").stringValue(), area, document));
            }
        }
        return cases;
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(
                Path.of(requireNonNull(CompatCase.class.getResource(folder)).toURI()))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("a resource folder has no path", impossible);
        }
    }

    String title() {
        return document.get("title").stringValue();
    }

    String config() {
        return document.get("config").stringValue();
    }

    JsonNode env() {
        return document.path("env");
    }

    /** Name to content of what lies beside the configuration. */
    JsonNode files() {
        return document.path("files");
    }

    JsonNode stubs() {
        return document.path("stubs");
    }

    List<JsonNode> steps() {
        return items(document.get("steps"));
    }

    List<JsonNode> requestSteps() {
        return steps().stream().filter(step -> step.has("request")).toList();
    }

    /** Cases with equal keys share one gateway, unless they count something from its start on. */
    String gatewayKey() {
        return document.path("isolate").booleanValue(false) ? id : config() + '\n' + env() + files();
    }

    boolean expectsStart() {
        return document.path("expected_startup").stringValue("ok").equals("ok");
    }

    List<String> allowedStartups(Mode mode) {
        String recorded = document.path("expected_startup").stringValue("ok");
        String preferred = document.path("preferred_startup").stringValue("");
        if (preferred.isEmpty() || mode == Mode.EXPRESS_GATEWAY) {
            return List.of(recorded);
        }
        boolean stepsDecide = steps().stream().anyMatch(step -> step.has("preferred"));
        return mode == Mode.PREFERRED && !stepsDecide ? List.of(preferred) : List.of(recorded, preferred);
    }

    /** The alternatives of a step; none where Express Gateway's way is the right one. */
    static List<JsonNode> preferred(JsonNode step) {
        JsonNode preferred = step.path("preferred");
        return preferred.isArray() ? items(preferred) : preferred.isObject() ? List.of(preferred) : List.of();
    }

    boolean mentions(String placeholder) {
        return Stream.of(
                        config(),
                        env().toString(),
                        stubs().toString(),
                        document.get("steps").toString())
                .anyMatch(text -> text.contains("{{" + placeholder));
    }

    @Override
    public String toString() {
        return id;
    }

    private static void refuseUnknown(String id, JsonNode object, Set<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(id + ": this runner does not know " + name);
            }
        }
    }

    private static List<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
