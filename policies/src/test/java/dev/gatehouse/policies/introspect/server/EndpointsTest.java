package dev.gatehouse.policies.introspect.server;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.credentials.ClientAuthentication;
import dev.gatehouse.policies.introspect.credentials.FixedCredentials;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.EndpointState;
import dev.gatehouse.policies.introspect.server.EndpointSet.Strategy;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Several endpoints of one authorization server. */
class EndpointsTest {
    private static final Reuse MINUTE = ServerFixture.reuse(60, 5);
    private static final String ACTIVE = "{\"active\":true}";
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ServerFixture fixture = new ServerFixture();

    private static EndpointSet set(Strategy strategy, String... hosts) {
        ClientAuthentication authentication = FixedCredentials.verbatim(new Secret("Basic x"));
        List<IntrospectionRequest> requests = Stream.of(hosts)
                .map(host -> ServerFixture.request(host, authentication))
                .toList();
        return new EndpointSet(requests, strategy, null, null);
    }

    private AuthorizationServer server(Strategy strategy, String... hosts) {
        return fixture.open(set(strategy, hosts), MINUTE);
    }

    /** The end of a question, after the pause before a repetition. */
    private CompletableFuture<Introspection> ask(AuthorizationServer server, String token) {
        CompletableFuture<Introspection> answer = ServerFixture.introspect(server, token, MINUTE);
        fixture.time.passes(PAUSE);
        return answer;
    }

    @Test
    void askTheFirstAsLongAsItWorks() {
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "b.test");

        for (int i = 0; i < 6; i++) {
            ask(server, "t" + i);
        }

        assertThat(fixture.endpoint.count("a.test")).isEqualTo(6);
        assertThat(fixture.endpoint.count("b.test")).isZero();
    }

    @Test
    void takeTurns() {
        AuthorizationServer server = server(Strategy.ROUND_ROBIN, "a.test", "b.test", "c.test");

        for (int i = 0; i < 6; i++) {
            ask(server, "t" + i);
        }

        assertThat(List.of("a.test", "b.test", "c.test")).allMatch(host -> fixture.endpoint.count(host) == 2);
    }

    static Stream<Arguments> failuresThatAnotherMayCover() {
        return Stream.of(
                Arguments.of(failed(CallResult.Cause.REFUSED)),
                Arguments.of(failed(CallResult.Cause.DNS)),
                Arguments.of(failed(CallResult.Cause.CONNECT_TIMEOUT)),
                Arguments.of(failed(CallResult.Cause.TLS)),
                Arguments.of(failed(CallResult.Cause.RESET)),
                Arguments.of(answer(502, "")),
                Arguments.of(answer(503, "")),
                Arguments.of(answer(504, "")));
    }

    @ParameterizedTest
    @MethodSource("failuresThatAnotherMayCover")
    void useTheSecondInTheSameRequestWhenTheFirstIsDown(CallResult failure) {
        fixture.endpoint.host("a.test", failure).token("t", ACTIVE);
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "b.test");

        assertThat(ask(server, "t")).isCompletedWithValueMatching(Active.class::isInstance);
        assertThat(fixture.endpoint.asked("a.test")).containsExactly("t");
        assertThat(fixture.endpoint.asked("b.test")).containsExactly("t");
        assertThat(fixture.counted("gateway.introspection.retries")).isEqualTo(1);
    }

    static Stream<Arguments> failuresThatAreAnswers() {
        return Stream.of(
                Arguments.of(failed(CallResult.Cause.RESPONSE_TIMEOUT)),
                Arguments.of(failed(CallResult.Cause.TRUNCATED)),
                Arguments.of(failed(CallResult.Cause.TOO_LARGE)),
                Arguments.of(new CallResult.Failed(CallResult.Cause.RESET, false)),
                Arguments.of(answer(503, "", "retry-after", "1")),
                Arguments.of(answer(500, "")),
                Arguments.of(answer(401, "")),
                Arguments.of(answer(429, "")),
                Arguments.of(json("{}x")));
    }

    @ParameterizedTest
    @MethodSource("failuresThatAreAnswers")
    void refusesToAskASecondEndpointAfterAnAnswerOrATimeout(CallResult failure) {
        fixture.endpoint.host("a.test", failure).token("t", ACTIVE);
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "b.test");

        assertThat(ask(server, "t")).isCompletedWithValueMatching(Unavailable.class::isInstance);
        assertThat(fixture.endpoint.count("b.test")).isZero();
    }

    @Test
    void refusesWhenAllAreDown() {
        fixture.endpoint.always(failed(CallResult.Cause.REFUSED));
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "b.test", "c.test");

        assertThat(ask(server, "t")).isCompletedWithValue(new Unavailable(Cause.REFUSED, 1));
        assertThat(fixture.endpoint.count()).isEqualTo(2); // retries.max is 1
    }

    @Test
    void repeatAtTheOnlyEndpointThatIsLeft() {
        fixture.endpoint.host("b.test", answer(500, ""));
        AuthorizationServer server = server(Strategy.ROUND_ROBIN, "a.test", "b.test");
        for (int i = 0; i < 40; i++) {
            ask(server, "t" + i);
        }
        assertThat(state(server, "b.test").breaker()).isEqualTo("open");
        fixture.endpoint.host("a.test", failed(CallResult.Cause.REFUSED));
        int before = fixture.endpoint.count();

        ask(server, "t");

        assertThat(fixture.endpoint.count("a.test")).isEqualTo(22);
        assertThat(fixture.endpoint.count() - before).isEqualTo(2);
    }

    private static EndpointState state(AuthorizationServer server, String host) {
        return server.state().endpoints().stream()
                .filter(endpoint -> endpoint.endpoint().equals(host + ":443"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void skipAnOpenBreakerWithoutACallAndComeBack() {
        fixture.endpoint.host("a.test", answer(500, ""));
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "b.test");
        for (int i = 0; i < 20; i++) {
            ask(server, "fail-" + i);
        }
        assertThat(state(server, "a.test").breaker()).isEqualTo("open");
        assertThat(state(server, "b.test").breaker()).isEqualTo("closed");
        assertThat(server.state().breaker()).isEqualTo("closed");

        for (int i = 0; i < 10; i++) {
            ask(server, "skip-" + i);
        }
        assertThat(fixture.endpoint.count("a.test")).isEqualTo(20);
        assertThat(fixture.endpoint.count("b.test")).isEqualTo(10);

        fixture.endpoint.hostRecovers("a.test");
        fixture.time.passes(Duration.ofSeconds(5));
        for (int i = 0; i < 10; i++) {
            ask(server, "back-" + i);
        }
        assertThat(fixture.endpoint.count("a.test")).isEqualTo(30);
        assertThat(state(server, "a.test").breaker()).isEqualTo("closed");
    }

    @Test
    void refuseWithoutACallWhenAllBreakersAreOpen() {
        fixture.endpoint.always(answer(500, ""));
        AuthorizationServer server = server(Strategy.ROUND_ROBIN, "a.test", "b.test");
        for (int i = 0; i < 40; i++) {
            ask(server, "fail-" + i);
        }
        int calls = fixture.endpoint.count();

        assertThat(ask(server, "t"))
                .isCompletedWithValueMatching(
                        answer -> answer instanceof Unavailable failed && failed.cause() == Cause.BREAKER);
        assertThat(fixture.endpoint.count()).isEqualTo(calls);
        assertThat(server.state().breaker()).isEqualTo("open");
    }

    @Test
    void failOverForEveryoneWhileTheOtherWorks() {
        fixture.endpoint.host("a.test", failed(CallResult.Cause.REFUSED));
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "b.test");

        for (int i = 0; i < 100; i++) {
            String token = "t" + i;
            fixture.endpoint.token(token, ACTIVE);
            assertThat(ask(server, token)).isCompletedWithValueMatching(Active.class::isInstance);
        }

        assertThat(fixture.endpoint.count("b.test")).isEqualTo(100);
        assertThat(fixture.endpoint.count("a.test")).isLessThan(100);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void growByAFifthAtMostWhenAllAreDown(Strategy strategy) {
        fixture.withoutBreaker().endpoint.always(failed(CallResult.Cause.REFUSED));
        AuthorizationServer server = server(strategy, "a.test", "b.test");

        for (int i = 0; i < 200; i++) {
            ServerFixture.introspect(server, "t" + i, MINUTE);
            fixture.time.passes(Duration.ofMillis(50));
        }
        fixture.time.passes(PAUSE);

        // Both were unknown at first, so that the first two changes were free.
        assertThat(fixture.endpoint.count()).isBetween(220, 242);
    }

    @Test
    void shareTheCache() {
        fixture.endpoint.token("t", ACTIVE);
        AuthorizationServer server = server(Strategy.ROUND_ROBIN, "a.test", "b.test");

        for (int i = 0; i < 4; i++) {
            ask(server, "t");
        }

        assertThat(fixture.endpoint.count()).isEqualTo(1);
    }

    @Test
    void haveABulkheadEach() {
        fixture.bulkhead(2, 0).endpoint.hold();
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "b.test");

        for (int i = 0; i < 5; i++) {
            ServerFixture.introspect(server, "t" + i, MINUTE);
        }

        assertThat(fixture.endpoint.count("a.test")).isEqualTo(2);
        assertThat(fixture.endpoint.count("b.test")).isEqualTo(2);
        assertThat(fixture.counted("gateway.introspection.refused", "reason", "bulkhead"))
                .isEqualTo(1);
        assertThat(server.state().inFlight()).isEqualTo(4);
        assertThat(fixture.meters
                        .get("gateway.introspection.in.flight")
                        .tag("endpoint", "b.test:443")
                        .gauge()
                        .value())
                .isEqualTo(2);

        fixture.endpoint.letGo();
        assertThat(server.state().inFlight()).isZero();
    }

    @Test
    void tellTheirNamesAndPlaces() {
        AuthorizationServer server = server(Strategy.FAILOVER, "a.test", "a.test", "b.test");

        assertThat(server.state().endpoints())
                .extracting(EndpointState::endpoint)
                .containsExactly("a.test:443", "a.test:443#2", "b.test:443");
        assertThat(server.state().endpoints())
                .extracting(EndpointState::url)
                .contains("http://a.test:443/introspect", "http://b.test:443/introspect");
    }

    @Test
    void areTheIdentityOfTheServer() {
        List<EndpointSet> sets = List.of(
                set(Strategy.FAILOVER, "a.test"),
                set(Strategy.FAILOVER, "b.test"),
                set(Strategy.FAILOVER, "a.test", "b.test"),
                set(Strategy.FAILOVER, "b.test", "a.test"),
                set(Strategy.ROUND_ROBIN, "a.test", "b.test"),
                new EndpointSet(set(Strategy.FAILOVER, "a.test").requests(), Strategy.FAILOVER, null, "p"),
                new EndpointSet(set(Strategy.FAILOVER, "a.test").requests(), Strategy.FAILOVER, null, "q"));

        assertThat(sets.stream().map(set -> HexFormat.of().formatHex(set.identity())))
                .doesNotHaveDuplicates();
        assertThat(set(Strategy.FAILOVER, "a.test", "b.test").identity())
                .isEqualTo(set(Strategy.FAILOVER, "a.test", "b.test").identity());
        assertThat(set(Strategy.FAILOVER, "a.test").identity())
                .isEqualTo(set(Strategy.FAILOVER, "a.test").requests().get(0).identity());
    }
}
