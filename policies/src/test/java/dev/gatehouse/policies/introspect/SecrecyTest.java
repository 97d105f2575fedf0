package dev.gatehouse.policies.introspect;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.client.CallResult;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Sends marked secrets through every path and looks for them in everything that is said. */
class SecrecyTest {
    private static final String MARK = "mArKeD";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final ContextFixture context = new ContextFixture();
    private Level before = Level.DEBUG;

    @BeforeEach
    void listen() {
        before = root.getLevel();
        root.setLevel(Level.TRACE);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        root.setLevel(before);
    }

    private List<String> everythingSaid(ExchangeFixture exchange) {
        List<String> said = new ArrayList<>();
        log.list.forEach(event -> said.add(event.getFormattedMessage()
                + event.getKeyValuePairs()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()))));
        context.meters.getMeters().forEach(meter -> said.add(meter.getId().toString()));
        context.problems.all().forEach(problem -> said.add(problem.toString()));
        said.add(context.servers().states() + " " + context.guards);
        if (exchange.reply() != null) {
            said.add(exchange.reply() + " " + exchange.reply().headers().entries());
        }
        said.add(exchange.auth().reason()
                + exchange.auth().tokenFingerprint()
                + exchange.auth().source());
        said.add(String.valueOf(exchange.failure()));
        return said;
    }

    @Test
    void tellsNoSecretOnAnyPath() {
        List<CallResult> results = new ArrayList<>(List.of(
                json("{\"active\":true,\"sub\":\"" + MARK + "\",\"scope\":\"" + MARK + "\"}"),
                json("{\"active\":true,\"exp\":1,\"sub\":\"" + MARK + "\"}"),
                json("{\"active\":\"" + MARK + "\"}"),
                json("{\"active\":false}"),
                json("{\"active\":true,\"" + MARK + "\":" + MARK),
                json("{\"active\":true,\"exp\":\"" + MARK + "\"}"),
                answer(200, MARK, "content-type", "text/" + MARK),
                answer(
                        400,
                        "{\"error\":\"invalid_client\",\"error_description\":\"" + MARK + "\"}",
                        "content-type",
                        "application/json"),
                answer(400, "{\"error\":\"" + MARK + "\"}", "content-type", "application/json"),
                answer(401, MARK, "www-authenticate", MARK),
                answer(404, MARK),
                answer(429, MARK, "retry-after", MARK),
                answer(302, MARK, "location", "http://" + MARK)));
        for (CallResult.Cause cause : CallResult.Cause.values()) {
            results.add(failed(cause));
        }
        Policy policy = context.policy("authorization_value: " + MARK
                + "\nresilience: {retries: {max: 0}, circuitBreaker: {minimumCalls: 25}}");
        int number = 0;
        for (CallResult result : results) {
            context.endpoint.always(result);
            String token = MARK + number++;
            var header = ExchangeFixture.get("/").scopes("x").bearer(token).run(policy);
            var query = ExchangeFixture.get("/?access_token=" + token + "q")
                    .scopes("x")
                    .run(policy);

            assertThat(everythingSaid(header)).noneMatch(text -> text.contains(MARK));
            assertThat(everythingSaid(query)).noneMatch(text -> text.contains(MARK));
        }
        assertThat(log.list).isNotEmpty();
        assertThat(context.endpoint.count()).isGreaterThan(20);
    }

    @Test
    void tellsNoSecretWhenSomethingBreaks() {
        context.endpoint.breaks();

        var exchange = ExchangeFixture.get("/").bearer(MARK).run(context.policy("authorization_value: " + MARK));

        assertThat(exchange.reply()).isNotNull();
        assertThat(everythingSaid(exchange)).noneMatch(text -> text.contains(MARK));
    }

    @Test
    void tellsNoSecretOfTokensThatAreNoTokens() {
        Policy policy = context.policy("");
        for (String value : List.of("Bearer " + MARK + " x", "Bearer " + MARK + ",x", "Basic " + MARK, MARK)) {
            var exchange =
                    ExchangeFixture.get("/").header("authorization", value).run(policy);

            assertThat(exchange.reply()).isNotNull();
            assertThat(everythingSaid(exchange)).noneMatch(text -> text.contains(MARK));
        }
    }

    @Test
    void tellsTheOperatorOncePerSecond() {
        context.endpoint.always(failed(CallResult.Cause.TLS));
        Policy policy = context.policy("resilience: {circuitBreaker: {enabled: false}}");
        for (int i = 0; i < 50; i++) {
            ExchangeFixture.get("/").bearer("t" + i).run(policy);
        }

        assertThat(log.list.stream().filter(event -> event.getLoggerName().equals("introspect")))
                .hasSize(1)
                .allSatisfy(
                        event -> assertThat(event.getFormattedMessage()).isEqualTo("127.0.0.1:9 gave no answer: tls"));
    }
}
