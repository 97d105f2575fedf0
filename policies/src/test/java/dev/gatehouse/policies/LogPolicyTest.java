package dev.gatehouse.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.policy.ConfigProblem;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogPolicyTest {
    private static final String LABEL = "[EG:log-policy] ";

    private final StepFixture step = StepFixture.of("log");
    private final Logger logger = (Logger) LoggerFactory.getLogger(LogPolicy.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setAdditive(true);
    }

    private ExchangeFixture run(String message) {
        ExchangeFixture exchange = ExchangeFixture.get("/a/b?c=d%0Ae&f=%1B[2J")
                .host("api.example.com:8080")
                .header("x-a", "v");
        exchange.identify(new Identity(Map.of("id", "u-1", "sub", "alice")));
        return run(message, exchange);
    }

    private ExchangeFixture run(String message, ExchangeFixture exchange) {
        return exchange.run(
                step.policy("message: \"" + message.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "plain text | plain text",
                "${req.ip} | 127.0.0.1",
                "${req.hostname} | api.example.com",
                "${req.host} | api.example.com",
                "${req.user.id} | u-1",
                "${req.method} ${req.originalUrl} | GET /a/b?c=d%0Ae&f=%1B[2J",
                "${req.path} ${egContext.req.method} ${res.test} | /a/b GET undefined",
                "${egContext.requestID} | 0000000000000000000001",
                "${JSON.stringify({a: req.query.c})} | {\"a\":\"d\\ne\"}",
                "status {} ${res.statusCode} %s | status {} 200 %s",
                "${[1, 2].map(x => x * 2)} | 2,4"
            })
    void writesOneLineWithItsLabel(String message, String expected) {
        ExchangeFixture exchange = run(message);

        assertThat(exchange.failure()).isNull();
        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(logged.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.INFO);
            assertThat(event.getFormattedMessage()).isEqualTo(LABEL + expected);
        });
    }

    @Test
    void writesControlCharactersAsEscapes() {
        run("${req.query.c}|${req.query.f}|${'\\u0000\\u0085\\u2028\\u202e\\ufeff\\r'}|\u00e9\u2603");

        assertThat(logged.list.get(0).getFormattedMessage())
                .isEqualTo(LABEL + "d\\u000ae|\\u001b[2J|\\u0000\\u0085\\u2028\\u202e\\ufeff\\u000d|\u00e9\u2603");
    }

    @ParameterizedTest
    @CsvSource({"8191, 0", "8192, 0", "8193, 3", "1000000, 3"})
    void cutsLongMessages(int length, int dots) {
        run("${'x'.repeat(" + length + ")}");

        assertThat(logged.list.get(0).getFormattedMessage())
                .hasSize(LABEL.length() + Math.min(length, LogPolicy.LONGEST) + dots);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user is ${req.user.name.first}",
                "${process.exit(1)}",
                "${nothing.here}",
                "${(function () { throw 'secret-value' })()}",
                "${(() => { while (true); })()}",
                "${(function f() { f() })()}",
                "${'x'.repeat(1e9)}"
            })
    void goesOnWhenTheMessageCannotBeBuilt(String message) {
        ExchangeFixture exchange = run(message);

        assertThat(exchange.failure()).isNull();
        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(logged.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage())
                    .startsWith(LABEL + "failed to build log message: ")
                    .doesNotContain("secret-value");
        });
    }

    @Test
    void goesOnForAClientThatNobodyKnows() {
        ExchangeFixture exchange = run("${req.user.id}", ExchangeFixture.get("/"));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(logged.list.get(0).getLevel()).isEqualTo(Level.ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${req.headers.authorization}",
                "${req.headers['Authorization']}",
                "${req.get('authorization')}",
                "${req.query.access_token}",
                "${req.headers.cookie}",
                "${req.cookies.session}",
                "${req.headers['proxy-authorization']}",
                "${res.get('Set-Cookie')}",
                "a ${`b ${req.headers.cookie}`}"
            })
    void warnsThatTheLogGetsCredentials(String message) {
        step.policy("message: \"" + message + "\"");

        assertThat(step.codes()).containsExactly("W0463");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization of ${req.ip}", "${req.path}", "${consumer.sub}", "cookie"})
    void doesNotWarnOtherwise(String message) {
        step.policy("message: \"" + message + "\"");

        assertThat(step.codes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "message: '${req.}' | E0461",
                "message: 'a ` b' | E0461",
                "message: '${' | E0461",
                "message: {a: 1} | E0202",
                "message: [1, 2] | E0202",
                "mesage: a | E0204",
                "Message: a | E0204",
                "{} | E0201"
            })
    void refusesAFileThatCannotWork(String yaml, String code) {
        assertThatThrownBy(() -> step.policy(yaml)).isInstanceOfSatisfying(ConfigProblem.class, refused -> {
            assertThat(refused.problem().code()).isEqualTo(code);
            assertThat(refused.problem().span()).isNotNull();
        });
    }
}
