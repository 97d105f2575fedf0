package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.yaml.Node;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JavaScript that asks for what a host has and a gateway does not give. */
final class ExpressionRules implements Rule {
    private static final Pattern TEXTS = Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern HOST = Pattern.compile("(?<![\\w$.])(process(?:\\.[A-Za-z]+)?|require|Buffer|global"
            + "|set(?:Timeout|Interval|Immediate)|atob|btoa|fetch)(?![\\w$])");
    private static final Pattern BACK_DOOR = Pattern.compile("constructor\\s*\\.\\s*constructor");
    private static final Pattern IN_TEMPLATE = Pattern.compile("\\$\\{([^}]*)}");
    /** Policy and the option, or the mapping of options, with JavaScript in it. */
    private static final List<List<String>> SCRIPTS = List.of(
            List.of("headers", "forwardHeaders"),
            List.of("expression", "jscode"),
            List.of("request-transformer", "headers.add"),
            List.of("request-transformer", "body.add"),
            List.of("response-transformer", "headers.add"),
            List.of("response-transformer", "body.add"));

    private static final List<List<String>> TEMPLATES =
            List.of(List.of("log", "message"), List.of("rate-limit", "rateLimitBy"));

    @Override
    public void look(Subject subject, Consumer<Finding> found) {
        for (List<String> script : SCRIPTS) {
            for (WrittenStep step : subject.steps(script.get(0))) {
                lookAt(step.value(script.get(1)), script.get(0), false, found);
            }
        }
        for (List<String> template : TEMPLATES) {
            for (WrittenStep step : subject.steps(template.get(0))) {
                lookAt(step.value(template.get(1)), template.get(0), true, found);
            }
        }
        for (Node.Mapping condition : subject.conditions()) {
            if (condition.get("name") instanceof Node.Scalar name && name.text().equals("expression")) {
                lookAt(condition.get("expression"), "condition expression", false, found);
            }
        }
    }

    private static void lookAt(@Nullable Node node, String where, boolean template, Consumer<Finding> found) {
        if (node instanceof Node.Mapping mapping) {
            mapping.entries().forEach(entry -> lookAt(entry.value(), where, template, found));
        } else if (node instanceof Node.Scalar scalar) {
            String code = template ? insertions(scalar.text()) : scalar.text();
            for (String name : hostNames(code)) {
                found.accept(Finding.of(
                        Finding.Group.DIFFERS,
                        scalar.span(),
                        where,
                        "uses '" + name + "': not available",
                        name.startsWith("process") ? "use ${NAME} substitution" : "write it without '" + name + "'"));
            }
        }
    }

    private static String insertions(String template) {
        StringBuilder code = new StringBuilder();
        Matcher insertion = IN_TEMPLATE.matcher(template);
        while (insertion.find()) {
            code.append(insertion.group(1)).append(';');
        }
        return code.toString();
    }

    private static Set<String> hostNames(String code) {
        Set<String> names = new TreeSet<>();
        Matcher host = HOST.matcher(TEXTS.matcher(code).replaceAll("''"));
        while (host.find()) {
            names.add(host.group(1));
        }
        if (BACK_DOOR.matcher(code).find()) {
            names.add("constructor.constructor");
        }
        return names;
    }
}
