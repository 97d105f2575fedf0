package dev.gatehouse.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

final class ApplicationLogTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private String written(boolean json, Level level, Runnable messages) {
        try (ApplicationLog log = ApplicationLog.open(json, level, ZoneOffset.UTC, output::writeBytes)) {
            messages.run();
            assertThat(log.dropped()).isZero();
        }
        return output.toString(UTF_8);
    }

    private static Logger logger(String name) {
        return LoggerFactory.getLogger(name);
    }

    @Test
    void writesOneJsonObjectForEachEvent() {
        String line = written(
                true,
                Level.INFO,
                () -> logger("dev.gatehouse.policies.introspect.Server")
                        .atWarn()
                        .addKeyValue("event", "introspect.unavailable")
                        .addKeyValue("route", "orders")
                        .addKeyValue("count", 5)
                        .addKeyValue("list", List.of(Map.of("a", true)))
                        .log("{} answered {}", "login.example.com", 503));

        assertThat(line)
                .matches("\\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\",\"level\":\"warn\","
                        + "\"event\":\"introspect\\.unavailable\",\"msg\":\"login\\.example\\.com answered 503\","
                        + "\"route\":\"orders\",\"count\":5,\"list\":\\[\\{\"a\":true}]}\n");
    }

    @Test
    void writesLinesForPeople() {
        String line = written(
                false,
                Level.INFO,
                () -> logger("dev.gatehouse.policies.introspect.Server")
                        .atWarn()
                        .addKeyValue("event", "introspect.unavailable")
                        .addKeyValue("route", "orders")
                        .addKeyValue("trace", "4bf92f35")
                        .log("login.example.com answered 503"));

        assertThat(line)
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} warn  introspect  login\\.example\\.com answered 503"
                        + "   route=orders trace=4bf92f35\n");
    }

    @Test
    void keepsTheMessageOfTheMomentItWasWritten() {
        StringBuilder changing = new StringBuilder("before");

        String line = written(false, Level.INFO, () -> {
            logger("dev.gatehouse.a.B").info("{}", changing);
            changing.setLength(0);
            changing.append("after");
        });

        assertThat(line).contains("before").doesNotContain("after");
    }

    @Test
    void cannotBeForgedByControlCharacters() {
        String human =
                written(false, Level.INFO, () -> logger("dev.gatehouse.a.B").info("x\r\n12:00 forged\u001b[2J"));
        output.reset();
        String json =
                written(true, Level.INFO, () -> logger("dev.gatehouse.a.B").info("x\r\n{\u001b\u009b"));

        assertThat(human).containsOnlyOnce("\n").contains("x\\u000d\\u000a12:00 forged\\u001b[2J");
        assertThat(json).containsOnlyOnce("\n").contains("\"msg\":\"x\\r\\n{\\u001B\\u009B\"");
    }

    @Test
    void leavesOutWhatIsBelowTheLevel() {
        String lines = written(false, Level.WARN, () -> {
            logger("dev.gatehouse.a.B").info("quiet");
            logger("dev.gatehouse.a.B").warn("loud");
        });

        assertThat(lines).contains("loud").doesNotContain("quiet");
    }

    @Test
    void keepsLibrariesAtInfoWhateverTheLevel() {
        String lines = written(false, Level.TRACE, () -> {
            logger("io.netty.handler").debug("bytes of somebody");
            logger("dev.gatehouse.a.B").trace("ours");
        });

        assertThat(lines).contains("ours").doesNotContain("bytes of somebody");
    }

    @Test
    void showsWhereABugHappened() {
        String line = written(
                true, Level.INFO, () -> logger("dev.gatehouse.a.B").error("failed", new IllegalStateException("why")));

        assertThat(line)
                .containsOnlyOnce("\n")
                .contains("\"stack\":\"java.lang.IllegalStateException: why\\n")
                .contains("ApplicationLogTest");
    }
}
