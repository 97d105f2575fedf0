package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private boolean terminal;

    private int run(String... args) {
        PrintStream results = new PrintStream(out, true, UTF_8);
        PrintStream diagnostics = new PrintStream(err, true, UTF_8);
        return Main.run(new Context(results, diagnostics, environment, directory, terminal, terminal), args);
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = CommandLineTest.class.getResourceAsStream("golden/" + name)) {
            assertThat(file).as("golden/%s", name).isNotNull();
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    @Nested
    final class Help {
        @ParameterizedTest
        @CsvSource({
            "--help, gateway.txt",
            "-h, gateway.txt",
            "run --help, run.txt",
            "validate --help, validate.txt",
            "check -h, validate.txt",
            "try-token --help, try-token.txt",
            "migrate --help, migrate.txt",
            "demo --help, demo.txt"
        })
        void looksAsAgreed(String args, String file) throws IOException {
            assertThat(run(args.split(" ", -1))).isZero();
            assertThat(out()).isEqualTo(golden(file));
            assertThat(err()).isEmpty();
        }

        @Test
        void isColouredOnATerminalOnly() {
            terminal = true;
            environment.put("TERM", "xterm");

            run("--help");

            assertThat(out()).contains("\u001b[");
        }

        @ParameterizedTest
        @CsvSource({"NO_COLOR, ''", "TERM, dumb"})
        void isPlainWhereColourIsNotWanted(String name, String value) throws IOException {
            terminal = true;
            environment.put(name, value);

            run("--help");

            assertThat(out()).isEqualTo(golden("gateway.txt"));
        }

        @Test
        void followsTheColourOption() {
            run("--color=always", "run", "--help");
            String always = out();
            out.reset();
            run("run", "--help", "--color", "always");

            assertThat(always).contains("\u001b[");
            assertThat(out()).contains("\u001b[");
        }
    }

    @Test
    void tellsVersionCommitDateAndJava() {
        assertThat(run("--version")).isZero();

        assertThat(out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("gateway \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"),
                        line -> assertThat(line).matches("commit  ([0-9a-f]{7,40}|unknown)"),
                        line -> assertThat(line).matches("built   \\d{4}-\\d{2}-\\d{2}T.*Z"),
                        line -> assertThat(line).isEqualTo("java    " + System.getProperty("java.version")));
    }

    @Nested
    final class WrongArguments {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            valdate            | unknown command 'valdate'                      | did you mean 'validate'?
            trytoken           | unknown command 'trytoken'                     | did you mean 'try-token'?
            try-token --tokenfile x | unknown option '--tokenfile'              | did you mean '--token-file'?
            try-token --tokn=t0p | unknown option '--tokn'                      | did you mean '--token-file'?
            run --confg x      | unknown option '--confg'                       | did you mean '--config'?
            migrate --from . --write-reprt x | unknown option '--write-reprt' | did you mean '--write-report'?
            demo --selftest    | unknown option '--selftest'                    | did you mean '--self-test'?
            --log-formt json   | unknown option '--log-formt'                   | did you mean '--log-format'?
            """)
        void areRefusedWithTheNearestMatch(String args, String sentence, String hint) {
            assertThat(run(args.split(" ", -1))).isEqualTo(2);
            assertThat(err()).startsWith("gateway: " + sentence + "\nhint: " + hint + "\nhint: 'gateway");
            assertThat(out()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            run --port eight           | Invalid value for option '--port': 'eight' is not an int
            run --log-level loud       | Invalid value for option '--log-level': expected one of
            migrate                    | Missing required option: '--from=DIR'
            migrate --from . --write-report x.pdf | option '--write-report' takes a name that ends in .md or .html
            run --config               | Missing required parameter for option '--config' (FILE)
            demo --self-test --write x | Error: --self-test, --write=DIR are mutually exclusive
            -c x validate              | option '--config' stands before the command 'validate'; write it behind
            """)
        void areRefusedWithASentence(String args, String sentence) {
            assertThat(run(args.split(" ", -1))).isEqualTo(2);
            assertThat(err()).startsWith("gateway: " + sentence).doesNotContain("Exception", "\tat ");
        }
    }

    @Nested
    final class WithoutConfiguration {
        @ParameterizedTest
        @CsvSource({"run", "validate", "''"})
        void saysWhereItLookedAndWhatToDo(String command) {
            environment.put("EG_CONFIG_DIR", "elsewhere");

            assertThat(command.isEmpty() ? run() : run(command)).isEqualTo(3);

            assertThat(err()).isEqualTo("""
                gateway: no configuration file
                  looked for %1$s/elsewhere/gateway.config.yml
                  looked for %1$s/elsewhere/gateway.config.json
                  looked for %1$s/gateway.config.yml
                  looked for %1$s/config/gateway.config.yml
                hint: name one with '--config FILE'.
                hint: 'gateway demo' shows a working gateway, 'gateway demo --write DIR' writes its file.
                """.formatted(directory));
        }

        @Test
        void namesTheFileThatIsMissing() {
            assertThat(run("validate", "--config", "nowhere.yml")).isEqualTo(3);
            assertThat(err())
                    .isEqualTo("gateway: the configuration file '" + directory + "/nowhere.yml' does not exist\n");
        }

        @Test
        void refusesAMalformedEnvironmentFileWithoutShowingIt() throws IOException {
            Files.writeString(directory.resolve("gateway.config.yml"), "http: {port: 0}\n");
            Files.writeString(directory.resolve("secrets.env"), "A=1\nMARKER\n");

            assertThat(run("validate", "--env-file", "secrets.env")).isEqualTo(3);
            assertThat(err())
                    .contains("secrets.env:2: not of the form NAME=VALUE")
                    .doesNotContain("MARKER");
        }
    }

    @Nested
    final class DemoFile {
        @Test
        void isWrittenOnceAndNeverOverwritten() throws IOException {
            Path file = directory.resolve("new/gateway.config.yml");

            assertThat(run("demo", "--write", directory.resolve("new").toString()))
                    .isZero();
            assertThat(file).content().startsWith("# One API behind token introspection");

            Files.writeString(file, "mine");
            assertThat(run("demo", "--write", directory.resolve("new").toString()))
                    .isEqualTo(4);
            assertThat(file).content().isEqualTo("mine");
            assertThat(err()).contains("exists; it was not changed");
        }
    }
}
