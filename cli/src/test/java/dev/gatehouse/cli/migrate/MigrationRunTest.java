package dev.gatehouse.cli.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The whole report on real directories. */
final class MigrationRunTest {
    private static final Path RESOURCES = Path.of("src/test/resources/dev/gatehouse/cli/migrate");
    private static final Path SHOP = RESOURCES.resolve("shop");
    private static final String ENDPOINT = "http: {port: 1}\napiEndpoints: {api: {}}\n";

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Path from, boolean json, @Nullable Path document) {
        return new MigrationRun(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), from)
                .run(Map.of("SET", "1"), json, document);
    }

    private String report(String gateway) throws IOException {
        Files.writeString(directory.resolve("gateway.config.yml"), gateway);
        run(directory, false, null);
        return out.toString(UTF_8);
    }

    @Test
    void looksAsAgreed() throws IOException {
        assertThat(run(SHOP, false, null)).isEqualTo(5);

        assertThat(out.toString(UTF_8)).isEqualTo(Files.readString(RESOURCES.resolve("shop.report.txt")));
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void namesFileAndLineForPrograms() {
        assertThat(run(SHOP, true, null)).isEqualTo(5);

        JsonNode report = new ObjectMapper().readTree(out.toString(UTF_8));
        assertThat(report.get("unchanged").booleanValue()).isFalse();
        assertThat(report.get("changes").intValue()).isEqualTo(2);
        assertThat(report.get("policies").get("used").intValue()).isEqualTo(4);
        assertThat(report.get("findings")).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.get("file").stringValue()).startsWith(SHOP.toString());
            assertThat(finding.get("line").intValue()).isPositive();
            assertThat(finding.get("places")).isNotEmpty();
        });
    }

    @Test
    void writesTheReportAsMarkdownAndAsAPage() throws IOException {
        run(SHOP, false, directory.resolve("report.md"));
        run(SHOP, false, directory.resolve("report.html"));

        assertThat(Files.readString(directory.resolve("report.md")))
                .startsWith("# Coming from Express Gateway\n\n- read: gateway.config.yml")
                .contains("| missing | line 45 | policy 'my-policy' |", "- verdict: runs after 2 changes");
        assertThat(Files.readString(directory.resolve("report.html")))
                .contains("<td>missing</td><td>line 45</td>")
                .endsWith("</html>\n");
    }

    @Test
    void letsNoMarkupIntoThePage() throws IOException {
        Files.writeString(
                directory.resolve("gateway.config.yml"),
                ENDPOINT + "policies: [proxy]\npipelines: {'<script>': {apiEndpoint: api, policies: []}}\n");

        run(directory, false, directory.resolve("report.html"));

        assertThat(Files.readString(directory.resolve("report.html")))
                .doesNotContain("<script>")
                .contains("&lt;script&gt;");
    }

    @Test
    void endsWellWhenNothingHasToBeChanged() throws IOException {
        Files.createDirectory(directory.resolve("config"));
        Files.writeString(
                directory.resolve("config/gateway.config.json"),
                "{\"http\":{\"port\":1},\"apiEndpoints\":{\"api\":{}},\"policies\":[\"terminate\"],"
                        + "\"pipelines\":{\"p\":{\"apiEndpoint\":\"api\",\"policies\":[{\"terminate\":{}}]}}}");

        assertThat(run(directory, false, null)).isZero();

        assertThat(out.toString(UTF_8)).isEqualTo("""
             read     gateway.config.json
             works    3 settings, 1 of 1 policy in use
             verdict  runs unchanged
            """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        - basic-auth   | missing  line 7   policy 'basic-auth'
        - other        | missing  line 3   policy 'other'
        - lambda-proxy | missing  line 7   policy 'lambda-proxy'
        - proxy: {condition: {name: odd}} | missing  line 7   condition 'odd'
        - proxy: {action: {prependPaht: true}} | differs  line 7   proxy
        - terminate: {action: {message: '${UNSET}'}} | differs  line 7   variable 'UNSET'
        """)
    void reportsWhatTheReaderAndTheBuilderRefuse(String step, String line) throws IOException {
        String name = step.replaceAll("^- ([a-z-]+).*", "$1");

        String report = report(ENDPOINT + "policies: [proxy, terminate, " + name
                + "]\npipelines:\n  main:\n    {apiEndpoint: api, policies: [\n" + step.substring(2) + "]}\n");

        assertThat(report.replaceAll(" +", " ")).contains(line.replaceAll(" +", " "));
    }

    @Test
    void tellsWhatConsumersWouldNeed() throws IOException {
        Files.createDirectory(directory.resolve("models"));
        Files.writeString(directory.resolve("models/users.json"), "{}");
        Files.writeString(directory.resolve("system.config.yml"), "db: {redis: {host: a}}\ncrypto: {cipherKey: x}\n");

        String report = report(
                ENDPOINT + "policies: [basic-auth]\npipelines:\n  p: {apiEndpoint: api, policies: [basic-auth]}\n");

        assertThat(report)
                .contains("missing", "db.redis", "the consumers in Redis are not read")
                .contains("users, apps and credentials are not read");
    }

    @Test
    void refusesADirectoryWithoutAConfiguration() {
        assertThat(run(directory, false, null)).isEqualTo(3);

        assertThat(err.toString(UTF_8))
                .isEqualTo("gateway: there is no gateway.config.yml in '" + directory
                        + "'\nhint: name the folder 'config' of your Express Gateway with '--from DIR'.\n");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void refusesAFileThatIsNotYaml() throws IOException {
        assertThat(report("http: {port: 'x\n")).isEmpty();
        assertThat(err.toString(UTF_8)).contains("error[E01");
    }

    @Test
    void showsNoSecrets() throws IOException {
        Files.writeString(
                directory.resolve("system.config.yml"),
                "crypto: {cipherKey: hunter2}\ndb: {redis: {password: hunter2}}\n");

        String report = report(
                ENDPOINT
                        + "policies: [proxy]\npipelines:\n  p: {apiEndpoint: api, policies: [{proxy: {action: {auth: 'a:hunter2'}}}]}\n");
        run(directory, true, null);

        assertThat(report + out.toString(UTF_8) + err.toString(UTF_8)).doesNotContain("hunter2");
    }
}
