package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations that were tried with Express Gateway: those it starts with start here, those it refuses are refused,
 * but where a decision says otherwise. Some are refused only later, when routes and conditions are made.
 */
final class CompatCasesTest {
    private static final Path CASES = Path.of("src/test/resources/compat-cases.txt");

    @TempDir
    Path directory;

    /** {@code expected} is ok, fail or later. */
    record Case(String id, String expected, Map<String, String> environment, String text) {
        @Override
        public String toString() {
            return id;
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String part : Files.readString(CASES).substring(4).split("\n=== ", -1)) {
            String[] head = part.lines().findFirst().orElseThrow().split(" ", -1);
            Map<String, String> environment = new HashMap<>();
            for (int i = 2; i < head.length; i++) {
                String[] variable = head[i].split("=", 2);
                environment.put(variable[0], variable[1].replace('+', ' '));
            }
            cases.add(new Case(head[0], head[1], environment, part.substring(part.indexOf('\n') + 1) + "\n"));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void startsAsExpressGatewayDoesOrRefusesAsItShould(Case tried) {
        ConfigReader.Result result = CheckedFileFixture.read(directory, tried.text(), tried.environment());

        String printed = CheckedFileFixture.printed(directory, result.problems());
        assertThat(result.problems().hasErrors())
                .as(printed)
                .isEqualTo(tried.expected().equals("fail"));
        if (!tried.expected().equals("fail")) {
            assertThat(result.config()).as(printed).isNotNull();
        }
    }

    @Test
    void coversTheRecordedCases() throws IOException {
        assertThat(cases()).hasSize(58);
    }
}
