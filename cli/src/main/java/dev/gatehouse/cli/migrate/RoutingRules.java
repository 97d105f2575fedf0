package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.yaml.Node;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What is otherwise in finding the api endpoint and in judging conditions. */
final class RoutingRules {
    private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d*");

    static final List<Rule> ALL = List.of(
            RoutingRules::dotSegments,
            RoutingRules::numbers,
            condition(
                    "pathExact",
                    condition -> !text(condition, "path").contains("?"),
                    "compares the path without the query (was: with it)",
                    Finding.FOR_GOOD),
            condition(
                    "hostMatch",
                    condition -> !text(condition, "pattern").contains(":"),
                    "compares the host without its port (was: with it)",
                    Finding.FOR_GOOD),
            condition(
                    "json-schema",
                    condition -> condition.get("coerce") == null,
                    "takes no text for a number in JSON (was: any text that looks like one)",
                    "keep old: coerce: true"),
            condition(
                    "json-schema",
                    condition -> true,
                    "is judged where it stands (was: behind the other policies)",
                    Finding.FOR_GOOD));

    private RoutingRules() {}

    /** Whatever protects one path and not another could be walked around. */
    private static void dotSegments(Subject subject, Consumer<Finding> found) {
        for (ApiEndpointConfig endpoint : subject.config().apiEndpoints()) {
            boolean selective =
                    endpoint.pathRegex() != null || !endpoint.paths().equals(List.of("*"));
            if (selective) {
                found.accept(Finding.safer(
                        endpoint.span(),
                        "apiEndpoints",
                        "refuses paths with . or .. segments, and // hides no path (both slipped by)",
                        Finding.FOR_GOOD));
            }
        }
    }

    /** JavaScript puts keys that look like numbers before all others. */
    private static void numbers(Subject subject, Consumer<Finding> found) {
        boolean other = false;
        long last = -1;
        for (ApiEndpointConfig endpoint : subject.config().apiEndpoints()) {
            boolean number =
                    NUMBER.matcher(endpoint.name()).matches() && endpoint.name().length() < 10;
            long value = number ? Long.parseLong(endpoint.name()) : -1;
            if (number && (other || value < last)) {
                found.accept(Finding.of(
                        Finding.Group.DIFFERS,
                        endpoint.span(),
                        "apiEndpoints",
                        "'" + endpoint.name() + "' is tried where it stands (was: numbers first, in their order)",
                        "write it further up"));
            }
            other |= !number;
            last = Math.max(last, value);
        }
    }

    private static Rule condition(String name, Predicate<Node.Mapping> when, String what, String advice) {
        return (subject, found) -> subject.conditions().stream()
                .filter(condition -> text(condition, "name").equals(name) && when.test(condition))
                .forEach(condition -> found.accept(Finding.safer(condition.span(), "condition " + name, what, advice)));
    }

    private static String text(Node.Mapping condition, String key) {
        return condition.get(key) instanceof Node.Scalar scalar ? scalar.text() : "";
    }
}
