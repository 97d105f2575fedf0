package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file as a whole, and its smaller sections. */
final class ConfigReaderTest {
    private static final String HTTP = "http: {port: 8080}\npolicies: [proxy, log, terminate, headers]\n";

    @TempDir
    Path directory;

    private ConfigReader.Result read(String text) {
        return CheckedFileFixture.read(directory, text, Map.of());
    }

    private GatewayConfig config(String text) {
        return CheckedFileFixture.config(directory, text);
    }

    private List<String> places(String text) {
        return CheckedFileFixture.places(read(text).problems());
    }

    @Nested
    final class Whitelist {
        @Test
        void mayBeAbsentWithAWarning() {
            ConfigReader.Result result = read("http: {port: 1}\npipelines: {a: {policies: [terminate]}}");

            assertThat(CheckedFileFixture.places(result.problems())).contains("W0305@1:1");
            assertThat(Objects.requireNonNull(result.config()).policies()).isNull();
        }

        @Test
        void mayNamePoliciesOfExpressGatewayThatAreNotUsed() {
            assertThat(config("http: {port: 1}\npolicies: [jwt, oauth2, cors, terminate]")
                            .policies())
                    .containsExactly("jwt", "oauth2", "cors", "terminate");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "[nonsense]|E0303@2:12",
                    "[[x]]|E0202@2:12",
                    "[~]|E0202@2:12",
                    "proxy|E0202@2:11",
                    "[proxxy]|E0303@2:12"
                })
        void refusesOtherEntries(String policies, String place) {
            assertThat(places("http: {port: 1}\npolicies: " + policies)).containsExactly(place);
        }
    }

    @Nested
    final class OtherSections {
        @Test
        void readLimits() {
            LimitsConfig limits = config(
                            HTTP + "limits: {maxBodyBytes: 5, keepAliveTimeoutMs: 5s, maxHeaderCount: '7'}")
                    .limits();

            assertThat(limits.maxBodyBytes()).isEqualTo(5);
            assertThat(limits.keepAliveTimeoutMs()).isEqualTo(Duration.ofSeconds(5));
            assertThat(limits.maxHeaderCount()).isEqualTo(7);
            assertThat(config(HTTP + "limits: {maxBodyBytes: unlimited}")
                            .limits()
                            .maxBodyBytes())
                    .isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"maxBodyBytes: 0", "maxConnections: unlimited", "keepAliveTimeoutMs: 0", "maxBodyBites: 5"})
        void refusesLimitsThatAreNone(String limit) {
            assertThat(read(HTTP + "limits: {" + limit + "}").problems().hasErrors())
                    .isTrue();
        }

        @Test
        void readTheAccessLogInBothForms() {
            assertThat(config(HTTP + "log: {access: all}").log())
                    .isEqualTo(new LogConfig(LogConfig.Access.ALL, false, false));
            assertThat(config(HTTP + "log: {access: {level: off, identity: true, query: true}}")
                            .log())
                    .isEqualTo(new LogConfig(LogConfig.Access.OFF, true, true));
            assertThat(config(HTTP + "log: {access: }").log().access()).isEqualTo(LogConfig.Access.AUTO);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "log: x",
                    "log: {access: some}",
                    "log: {acess: all}",
                    "log: {level: all}",
                    "log: {access: [all]}"
                })
        void refusesOtherLogs(String log) {
            assertThat(read(HTTP + log).problems().hasErrors()).isTrue();
        }

        @Test
        void readCompatAndShutdown() {
            GatewayConfig config = config(HTTP
                    + "compat: {status: express-gateway, bodies: problem, fallThrough: true}\n"
                    + "shutdown: {delay: 5, timeout: 500ms}");

            assertThat(config.compat())
                    .isEqualTo(new CompatConfig(
                            CompatConfig.Status.EXPRESS_GATEWAY,
                            CompatConfig.Bodies.PROBLEM,
                            true,
                            CompatConfig.UnknownKeys.STRICT));
            assertThat(config.shutdown()).isEqualTo(new ShutdownConfig(Duration.ofSeconds(5), Duration.ofMillis(500)));
        }

        @Test
        void refusesNegativeTimes() {
            assertThat(places(HTTP + "shutdown: {delay: -1, timeout: 1}")).containsExactly("E0203@3:19");
            assertThat(places(HTTP + "shutdown: {timeout: -1}")).containsExactly("E0203@3:21");
        }
    }

    @Nested
    final class Strictness {
        private static final String UNKNOWN = HTTP + "bogus: 1\nhtpp: 2";

        private ConfigReader.Result read(boolean strict, boolean lenient) {
            return CheckedFileFixture.read(
                    directory,
                    UNKNOWN.getBytes(StandardCharsets.UTF_8),
                    Map.of(),
                    CheckedFileFixture.options(strict, lenient));
        }

        @Test
        void warnsOfUnknownKeysAndRefusesMisspeltOnes() {
            assertThat(CheckedFileFixture.places(read(false, false).problems()))
                    .containsExactly("W0204@3:1", "E0204@4:1");
        }

        @Test
        void warnsOnlyWhenLenient() {
            assertThat(read(false, true).problems().hasErrors()).isFalse();
            assertThat(ConfigReaderTest.this
                            .read(UNKNOWN + "\ncompat: {unknownKeys: lenient}")
                            .problems()
                            .hasErrors())
                    .isFalse();
        }

        @Test
        void refusesWarningsWhenStrict() {
            assertThat(read(true, true).problems().hasErrors()).isTrue();
        }
    }

    @Test
    void refusesAFileThatIsNotThere() {
        ConfigReader.Result result =
                ConfigReader.read(directory.resolve("none.yml"), Map.of(), CheckedFileFixture.options(false, false));

        assertThat(result.config()).isNull();
        assertThat(CheckedFileFixture.printed(directory, result.problems()))
                .endsWith("none.yml: error[E0107]: the file does not exist");
    }

    @Test
    void refusesADirectory() {
        ConfigReader.Result result = ConfigReader.read(directory, Map.of(), CheckedFileFixture.options(false, false));

        assertThat(CheckedFileFixture.printed(directory, result.problems()))
                .endsWith("error[E0107]: the file cannot be read");
    }

    @Test
    void namesTheFilesThatSecretsAreIn() throws IOException {
        Files.writeString(directory.resolve("pass"), "s3cret\n");

        ConfigReader.Result result = read(HTTP + "https: {options: {passphrase: {file: pass}}}");

        assertThat(result.problems().hasErrors()).isFalse();
        assertThat(result.files()).containsExactly(directory.resolve("pass").toAbsolutePath());
    }

    @Test
    void refusesASecretWhoseFileIsMissing() {
        assertThat(places(HTTP + "https: {options: {passphrase: {file: none}}}"))
                .contains("E0106@3:38");
    }

    @Test
    void checksActionsAlsoWhenVariablesAreMissing() {
        assertThat(places(HTTP + "pipelines:\n  a:\n    policies:\n"
                        + "      - log: {action: {message: '${U}'}}\n"
                        + "      - terminate: {action: {statusCode: x}}"))
                .containsExactly("W0301@4:3", "E0105@6:34", "E0203@7:42");
    }

    @Test
    void saysWhatAnActionNeedsInsteadOfAVariable() {
        ConfigReader.Result result =
                read(HTTP + "pipelines: {a: {policies: [{terminate: {action: {statusCode: '${CODE}'}}}]}}");

        assertThat(result.problems().all())
                .extracting(problem -> problem.message())
                .contains("environment variable 'CODE' is not set, and"
                        + " 'pipelines.a.policies[0].terminate.action.statusCode' must be a number");
    }

    @Test
    void readsTenThousandLinesQuickly() {
        StringBuilder text = new StringBuilder(HTTP + "apiEndpoints:\n");
        for (int i = 0; i < 2_000; i++) {
            text.append("  e")
                    .append(i)
                    .append(":\n    host: h")
                    .append(i)
                    .append(".example.com\n    paths: ['/a', '/${N:-b}']\n");
        }
        text.append("pipelines:\n");
        for (int i = 0; i < 1_000; i++) {
            text.append("  p")
                    .append(i)
                    .append(":\n    apiEndpoints: [e")
                    .append(i)
                    .append(", e")
                    .append(1_000 + i)
                    .append("]\n    policies: [terminate]\n");
        }

        org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            assertThat(config(text.toString()).pipelines()).hasSize(1_000);
        });
    }
}
