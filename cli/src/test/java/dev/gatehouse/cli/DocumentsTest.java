package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.config.ShutdownConfig;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Key;
import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.policy.PolicyFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the documents true. */
final class DocumentsTest {
    private static final Path ROOT = requireNonNull(Path.of("").toAbsolutePath().getParent(), "project folder");
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml( step)?\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern CODE = Pattern.compile("\"([EW]0\\d{3})\"");
    private static final String AROUND_A_STEP = """
        http: {port: 8080}
        apiEndpoints:
          orders: {paths: ['/orders']}
        serviceEndpoints:
          backend: {url: 'http://127.0.0.1:3000'}
        pipelines:
          orders:
            apiEndpoints: [orders]
            policies:
        """;

    @TempDir
    Path directory;

    private static List<Path> documents() throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(Stream.concat(top, pages), Stream.of(ROOT.resolve("docker/README.md")))
                    .filter(file -> file.toString().endsWith(".md"))
                    .forEach(all::add);
        }
        return all;
    }

    @TestFactory
    Stream<DynamicTest> everyYamlBlockIsValid() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            Matcher block = YAML.matcher(Files.readString(document));
            while (block.find()) {
                String text = block.group(1) == null ? block.group(2) : wrapped(block.group(2));
                tests.add(dynamicTest(ROOT.relativize(document) + " at " + block.start(), () -> assertValid(text)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(3);
        return tests.stream();
    }

    private static String wrapped(String steps) {
        Set<String> policies = new TreeSet<>(Set.of("proxy"));
        Matcher name = Pattern.compile("(?m)^- ([a-z0-9-]+):").matcher(steps);
        while (name.find()) {
            policies.add(name.group(1));
        }
        String proxy = steps.contains("- proxy:") || steps.contains("- terminate:")
                ? ""
                : "      - proxy: [{action: {serviceEndpoint: backend}}]\n";
        return AROUND_A_STEP + steps.indent(6) + proxy + "policies: " + policies + "\n";
    }

    private void assertValid(String config) throws IOException {
        Path file = Files.writeString(directory.resolve("gateway.config.yml"), config);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(output, true, UTF_8);
        Context context = new Context(stream, stream, Map.of("INTROSPECT_AUTH", "Basic eDp5"), directory, false, false);

        int exit = Main.run(context, "validate", "--strict", "--config", file.toString());

        assertThat(exit).as(output.toString(UTF_8)).isZero();
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (!link.group(1).startsWith("http")) {
                    assertThat(document.resolveSibling(link.group(1)))
                            .as("link in %s", document)
                            .exists();
                }
            }
        }
    }

    @Test
    void everyProblemCodeHasAnEntryAndTheReverse() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/reference/error-codes.md"));
        Set<String> documented = Pattern.compile("(?m)^\\| ([EW]0\\d{3}(?:, [EW]0\\d{3})*) \\|")
                .matcher(page)
                .results()
                .flatMap(row -> Stream.of(row.group(1).split(", ", -1)))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> used = new TreeSet<>();
        for (String module : List.of("config", "gateway-core", "policies", "cli")) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                sources.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> CODE.matcher(read(file)).results().forEach(code -> used.add(code.group(1))));
            }
        }

        assertThat(documented).containsAll(used);
        // A lenient start turns E02xx into W02xx, which no source names.
        assertThat(documented.stream().filter(code -> !code.startsWith("W02"))).isSubsetOf(used);
    }

    @Test
    void everyOptionOfEveryPolicyHasItsRow() throws IOException {
        Path folder = ROOT.resolve("docs/reference/policies");
        String index = Files.readString(ROOT.resolve("docs/reference/policies.md"));
        for (PolicyFactory<?> factory : ServiceLoader.load(PolicyFactory.class)) {
            List<String> rows = new ArrayList<>();
            describe("", factory.config(), rows);
            assertThat(Files.readString(folder.resolve(factory.name() + ".md")))
                    .as("rows of %s:\n%s", factory.name(), String.join("\n", rows))
                    .contains(rows);
            assertThat(index).contains("(policies/" + factory.name() + ".md)");
        }
    }

    @Test
    void everyKeyOfTheNewSectionsHasItsRow() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/reference/configuration.md"));
        Map<String, Class<?>> sections = Map.of(
                "limits", LimitsConfig.class,
                "compat", CompatConfig.class,
                "log", LogConfig.class,
                "shutdown", ShutdownConfig.class);
        sections.forEach((name, type) -> {
            List<String> rows = new ArrayList<>();
            describe("", type, rows);
            assertThat(section(page, name))
                    .as("rows of %s:\n%s", name, String.join("\n", rows))
                    .contains(rows);
        });
    }

    @Test
    void everyKeyOfAProtectedResourceHasItsRow() throws IOException {
        List<String> rows = new ArrayList<>();
        describe("", ResourceConfig.class, rows);

        assertThat(section(Files.readString(ROOT.resolve("docs/reference/configuration.md")), "apiEndpoints"))
                .as("rows of resource:\n%s", String.join("\n", rows))
                .contains(rows);
    }

    private static String section(String page, String policy) {
        int start = page.indexOf("\n## " + policy + "\n");
        assertThat(start).as("section '## %s'", policy).isNotNegative();
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private static void describe(String prefix, Class<?> type, List<String> rows) {
        for (RecordComponent option : type.getRecordComponents()) {
            Key key = option.getAnnotation(Key.class);
            String name = prefix + (key == null ? option.getName() : key.value());
            Class<?> value = option.getType();
            if (value.isRecord() && value.getName().startsWith("dev.gatehouse.policies")) {
                describe(name + ".", value, rows);
                continue;
            }
            Doc doc = option.getAnnotation(Doc.class);
            Default standard = option.getAnnotation(Default.class);
            rows.add("| `" + name + "` | " + (standard == null ? "" : "`" + standard.value() + "`") + " | "
                    + (doc == null ? "" : doc.value().replace("|", "\\|")) + " |");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
