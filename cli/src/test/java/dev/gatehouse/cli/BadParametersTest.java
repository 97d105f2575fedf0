package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.bind.Key;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.PolicyFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every parameter of every policy and condition, given a value of the wrong kind, a misspelt name and a number out of
 * its range, is refused at its own place in the file. A new policy needs a line in {@link #VALID} at most.
 */
final class BadParametersTest {
    /** What a policy or condition needs in order to be valid; nothing for those that need nothing. */
    private static final Map<String, Map<String, Object>> VALID = Map.ofEntries(
            Map.entry("headers", Map.of("forwardHeaders", "{x-a: req.method}")),
            Map.entry("proxy", Map.of("serviceEndpoint", "backend")),
            Map.entry("request-transformer", Map.of("headers", "{remove: [x-a]}")),
            Map.entry("response-transformer", Map.of("headers", "{remove: [x-a]}")),
            Map.entry("json-schema", Map.of("schema", "{type: object}")),
            Map.entry("jwt", Map.of("secretOrPublicKey", "x".repeat(64), "checkCredentialExistence", "false")),
            Map.entry("rewrite", Map.of("rewrite", "/b")),
            Map.entry("pathmatch", Map.of("match", "/a")),
            Map.entry("regexpmatch", Map.of("match", "^/a")),
            Map.entry("oauth2-introspect", Map.of("endpoint", "https://127.0.0.1/introspect")),
            Map.entry("allOf", Map.of("conditions", "[{name: always}]")),
            Map.entry("oneOf", Map.of("conditions", "[{name: always}]")),
            Map.entry("not", Map.of("condition", "{name: never}")),
            Map.entry("expression", Map.of("jscode", "req.url")),
            Map.entry("log", Map.of("message", "'${req.path}'")),
            Map.entry("expression condition", Map.of("expression", "req.url")),
            Map.entry("hostMatch", Map.of("pattern", "'*'")),
            Map.entry("method", Map.of("methods", "GET")),
            Map.entry("pathExact", Map.of("path", "/a")),
            Map.entry("pathMatch", Map.of("pattern", "^/a")));

    /** Policies that need a condition. */
    private static final Map<String, String> CONDITIONS = Map.of("rewrite", "{name: pathmatch, match: /a}");

    /** What a group needs in order to be valid besides the parameter at hand. */
    private static final Map<String, Map<String, Object>> VALID_GROUPS = Map.of(
            "clientAuth", Map.of("method", "client_secret_basic", "clientId", "gateway", "clientSecret", "s3cret"));

    /** Values that cannot be guessed from the type of a parameter: it takes several kinds. */
    private static final Map<String, List<String>> WRONG = Map.of(
            "oauth2-introspect scopes.required", List.of("[1]", "[{name: x}]"),
            "oauth2-introspect endpoint", List.of("{a: 1}", "no-uri"),
            "cors origin", List.of("{a: 1}", "7"),
            "proxy cookieDomainRewrite", List.of("[1]", "true"),
            "proxy cookiePathRewrite", List.of("[1]", "true"),
            "proxy proxyUrl", List.of("{a: 1}", "proxy.test:3128"),
            "proxy localAddress", List.of("[1]", "no-address"),
            "proxy target.socketPath", List.of("{a: 1}", "''"),
            "method methods", List.of("{a: 1}", "'G E T'"));

    /** Numbers that may have any value, with the reason. */
    private static final Map<String, String> ANY_NUMBER =
            Map.of("oauth2-introspect ttl", "0 and less switch the cache off, as in Express Gateway");

    private static final List<String> EXTREMES = List.of("-1", "0", "99999999999999", "1e300");

    @TempDir
    Path folder;

    /** A parameter, found by looking at the records. */
    private record Parameter(Subject subject, List<String> path, Type type) {
        String name() {
            return String.join(".", path);
        }

        String key() {
            return path.get(path.size() - 1);
        }

        /** Two letters are near to everything, so only their case is judged. */
        String misspelt() {
            return key().length() > 2 ? key() + 'z' : key().toUpperCase(Locale.ROOT);
        }

        String id() {
            return subject.name() + ' ' + name();
        }

        Class<?> raw() {
            Type inner = type instanceof ParameterizedType generic && generic.getRawType() == Located.class
                    ? generic.getActualTypeArguments()[0]
                    : type;
            return (Class<?>) (inner instanceof ParameterizedType generic ? generic.getRawType() : inner);
        }

        boolean isNumber() {
            return Set.of(int.class, Integer.class, long.class, Long.class, double.class, Double.class, Duration.class)
                    .contains(raw());
        }

        List<String> wrongValues() {
            List<String> told = WRONG.get(id());
            if (told != null) {
                return told;
            }
            Class<?> raw = raw();
            if (Map.class.isAssignableFrom(raw)
                    || (raw.isRecord() && raw != Secret.class)
                    || raw == Node.Mapping.class) {
                return List.of("[1]", "7");
            }
            if (Collection.class.isAssignableFrom(raw) || raw == Node.Sequence.class) {
                return List.of("{a: 1}");
            }
            if (isNumber() || raw == boolean.class || raw == Boolean.class || raw.isEnum()) {
                return List.of("{a: 1}", "[1, 2]", "no-such-value");
            }
            assertThat(Node.class.isAssignableFrom(raw) || raw == Object.class)
                    .as("%s takes several kinds: tell in WRONG what it refuses", id())
                    .isFalse();
            return List.of("{a: 1}", "[1, 2]");
        }
    }

    /** A policy or a condition. */
    private record Subject(String name, boolean condition, Class<?> config) {
        List<Parameter> parameters() {
            List<Parameter> all = new ArrayList<>();
            collect(List.of(), config, all);
            return all;
        }

        private void collect(List<String> group, Class<?> type, List<Parameter> all) {
            for (RecordComponent component : type.getRecordComponents()) {
                Key key = component.getAnnotation(Key.class);
                List<String> path = new ArrayList<>(group);
                path.add(key == null ? component.getName() : key.value());
                Parameter parameter = new Parameter(this, List.copyOf(path), component.getGenericType());
                all.add(parameter);
                if (component.getType().isRecord()
                        && component.getType().getName().startsWith("dev.gatehouse.policies")) {
                    collect(path, component.getType(), all);
                }
            }
        }
    }

    private static List<Subject> subjects() {
        List<Subject> all = new ArrayList<>();
        for (PolicyFactory<?> factory : ServiceLoader.load(PolicyFactory.class)) {
            all.add(new Subject(factory.name(), false, factory.config()));
        }
        for (ConditionFactory<?> factory : ServiceLoader.load(ConditionFactory.class)) {
            all.add(new Subject(factory.name(), true, factory.config()));
        }
        return all;
    }

    private static Stream<DynamicTest> eachParameter(Consumer<Parameter> test) {
        return subjects().stream()
                .flatMap(subject -> subject.parameters().stream())
                .map(parameter -> dynamicTest(parameter.id(), () -> test.accept(parameter)));
    }

    @TestFactory
    Stream<DynamicTest> refusesAValueOfTheWrongKind() {
        return eachParameter(parameter -> {
            for (String wrong : parameter.wrongValues()) {
                assertRefused(parameter, parameter.key(), wrong);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesAMisspeltName() {
        return eachParameter(parameter -> {
            Problem problem = assertRefused(parameter, parameter.misspelt(), "1");

            assertThat(problem.code()).isEqualTo("E0204");
            assertThat(problem.hints()).anyMatch(hint -> hint.contains("'" + parameter.key() + "'"));
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesANumberOutOfItsRange() {
        return subjects().stream()
                .flatMap(subject -> subject.parameters().stream())
                .filter(parameter -> parameter.isNumber() && !ANY_NUMBER.containsKey(parameter.id()))
                .map(parameter -> dynamicTest(
                        parameter.id(),
                        () -> assertThat(EXTREMES)
                                .as("at least one of them is out of the range of %s", parameter.id())
                                .anyMatch(extreme -> refusal(parameter, parameter.key(), extreme) != null)));
    }

    @Test
    void theValidValuesAreValid() {
        for (Subject subject : subjects()) {
            String text = text(subject, arguments(subject));

            assertThat(problems(text).stream().filter(problem -> problem.severity() == Severity.ERROR))
                    .as(text)
                    .isEmpty();
        }
    }

    private Problem assertRefused(Parameter parameter, String key, String value) {
        Problem problem = refusal(parameter, key, value);
        assertThat(problem).as("%s with %s: %s", parameter.id(), key, value).isNotNull();
        return Objects.requireNonNull(problem);
    }

    /** The error at the line of the parameter; null = there is none. */
    private @Nullable Problem refusal(Parameter parameter, String key, String value) {
        Map<String, Object> arguments = arguments(parameter.subject());
        Map<String, Object> group = arguments;
        for (String name : parameter.path().subList(0, parameter.path().size() - 1)) {
            Map<String, Object> inner = new LinkedHashMap<>(VALID_GROUPS.getOrDefault(name, Map.of()));
            group.put(name, inner);
            group = inner;
        }
        if (key.equals(parameter.key())) {
            group.remove(key);
        }
        group.put(key, value);
        String text = text(parameter.subject(), arguments);
        int line = text.lines().toList().indexOf(lineOf(text, key, value)) + 1;
        return problems(text).stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .filter(problem -> problem.span() != null && problem.span().line() == line)
                .findFirst()
                .orElse(null);
    }

    private static String lineOf(String text, String key, String value) {
        return text.lines()
                .filter(line -> line.strip().equals(key + ": " + value))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> arguments(Subject subject) {
        String name = subject.condition() ? subject.name() + " condition" : subject.name();
        return new LinkedHashMap<>(VALID.getOrDefault(name, VALID.getOrDefault(subject.name(), Map.of())));
    }

    private static String text(Subject subject, Map<String, Object> arguments) {
        String policy = subject.condition() ? "terminate" : subject.name();
        String step = subject.condition()
                ? "condition:\n  name: " + subject.name() + "\n"
                        + yaml(arguments).indent(2)
                : "condition: " + CONDITIONS.getOrDefault(subject.name(), "{name: always}") + "\naction:\n"
                        + yaml(arguments.isEmpty() ? Map.of("x-none", "1") : arguments)
                                .indent(2);
        return """
                http: {port: 8080}
                apiEndpoints: {a: {paths: /a}}
                serviceEndpoints: {backend: {url: 'http://127.0.0.1:1'}}
                policies: [POLICY, proxy]
                pipelines:
                  main:
                    apiEndpoints: [a]
                    policies:
                      - POLICY:
                          -
                """.replace("POLICY", policy) + step.indent(12);
    }

    private static String yaml(Map<String, Object> arguments) {
        StringBuilder text = new StringBuilder();
        arguments.forEach((key, value) -> {
            text.append(key).append(':');
            if (value instanceof Map<?, ?> group) {
                @SuppressWarnings("unchecked") // made above
                Map<String, Object> inner = (Map<String, Object>) group;
                text.append('\n').append(yaml(inner).indent(2));
            } else {
                text.append(' ').append(value).append('\n');
            }
        });
        return text.toString();
    }

    private List<Problem> problems(String text) {
        try {
            Path file = Files.writeString(folder.resolve("gateway.config.yml"), text);
            Prepared prepared = Prepared.of(new Prepared.Source(file, Map.of(), false, false, null));
            try {
                return prepared.problems().all();
            } finally {
                prepared.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
