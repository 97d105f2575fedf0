package dev.gatehouse.policies.introspect;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policy.Policy;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of the group {@code cache} do to requests. */
class CacheOptionsTest {
    private final ContextFixture context = new ContextFixture();

    private ExchangeFixture run(Policy policy, String method) {
        return ExchangeFixture.request(method, "/").bearer("t").run(policy);
    }

    private ExchangeFixture get(Policy policy) {
        return run(policy, "GET");
    }

    @Test
    void asksForEachPostAndLetsGetsUseTheAnswer() {
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy("cache: {methods: {POST: 0}}");

        run(policy, "POST");
        assertThat(context.endpoint.count()).isEqualTo(1);
        assertThat(get(policy).auth().source()).isEqualTo(AuthTrail.Source.CACHE);
        assertThat(context.endpoint.count()).isEqualTo(1);
        run(policy, "POST");
        run(policy, "POST");
        assertThat(context.endpoint.count()).isEqualTo(3);
    }

    @Test
    void demandsAnAgePerMethod() {
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy("cache: {jitter: 0, methods: {put: 10, DELETE: 90}}");
        run(policy, "PUT");

        context.time.passes(Duration.ofMillis(9_999));
        run(policy, "PUT");
        assertThat(context.endpoint.count()).isEqualTo(2); // asked again ahead of its end
        context.time.passes(Duration.ofSeconds(15));
        run(policy, "DELETE");
        assertThat(context.endpoint.count()).isEqualTo(2);
        run(policy, "PUT");
        assertThat(context.endpoint.count()).isEqualTo(3);
        context.time.passes(Duration.ofSeconds(60));
        run(policy, "DELETE");
        assertThat(context.endpoint.count()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"true, 2, 1", "false, 4, 3"})
    void lendsACallThatIsUnderWayOnlyWhenAllowed(boolean allowed, int calls, int callsOfPost) {
        context.endpoint.token("t", "{\"active\":true}").hold();
        Policy policy = context.policy("cache: {joinInFlight: " + allowed + ", methods: {POST: 0}}");
        var waiting = new ExchangeFixture[] {get(policy), get(policy), run(policy, "POST"), run(policy, "POST")};
        assertThat(context.endpoint.open()).isEqualTo(callsOfPost);
        context.endpoint.letGo();

        assertThat(waiting)
                .allSatisfy(
                        exchange -> assertThat(exchange.runTasks().hasRunOut()).isTrue());
        run(policy, "POST");
        assertThat(context.endpoint.count()).isEqualTo(calls);
    }

    @Test
    void refusesAtOnceWhatACallOfItsOwnFoundInactive() {
        context.endpoint
                .token("t", EndpointFixture.json("{\"active\":true}"), EndpointFixture.json("{\"active\":false}"))
                .hold();
        Policy policy = context.policy("cache: {joinInFlight: false, methods: {POST: 0}}");
        var older = get(policy);
        run(policy, "POST");
        context.endpoint.letGo();
        assertThat(older.runTasks().hasRunOut()).isTrue();

        assertThat(get(policy).auth().reason()).isEqualTo("inactive");
    }

    @Test
    void tellsOfStaleAnswers() {
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy("cache: {staleIfError: 30, jitter: 0}");
        get(policy);
        context.time.passes(Duration.ofSeconds(60));
        context.endpoint.always(failed(CallResult.Cause.RESET));

        var stale = get(policy);
        assertThat(stale.hasRunOut()).isTrue();
        assertThat(stale.auth().source()).isEqualTo(AuthTrail.Source.STALE);
        assertThat(context.counted("gateway.introspection.cache.lookups", "result", "stale"))
                .isEqualTo(1);

        context.time.passes(Duration.ofSeconds(30));
        assertThat(get(policy).auth().reason()).isEqualTo("server_unavailable");
    }

    @Test
    void refusesStaleAnswersToMethodsThatAskEachTime() {
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy("cache: {staleIfError: 30, methods: {POST: 0}}");
        get(policy);
        context.endpoint.always(failed(CallResult.Cause.RESET));

        assertThat(run(policy, "POST").auth().reason()).isEqualTo("server_unavailable");
        assertThat(get(policy).hasRunOut()).isTrue();
    }

    @Test
    void spreadsTheEndsOfEntries() {
        Policy policy = context.policy("ttl: 100\ncache: {refreshAhead: 0}");
        int tokens = 1000;
        for (int i = 0; i < tokens; i++) {
            context.endpoint.token("t" + i, "{\"active\":true}");
            ExchangeFixture.get("/").bearer("t" + i).run(policy);
        }
        context.time.passes(Duration.ofSeconds(89).plusMillis(999));
        TreeSet<Integer> ends = new TreeSet<>();
        int most = 0;
        for (int second = 0; second < 11; second++) {
            int before = context.endpoint.count();
            for (int i = 0; i < tokens; i++) {
                ExchangeFixture.get("/").bearer("t" + i).run(policy);
            }
            int ended = context.endpoint.count() - before;
            most = Math.max(most, ended);
            if (ended > 0) {
                ends.add(second);
            }
            context.time.passes(Duration.ofSeconds(1));
        }

        // None before nine tenths of the ttl, all by its end, a tenth of them in each second between.
        assertThat(context.endpoint.count()).isEqualTo(2 * tokens);
        assertThat(ends).hasSizeGreaterThanOrEqualTo(9).doesNotContain(0);
        assertThat(most).isLessThan(200);
    }

    @Test
    void drawsOncePerEntryAndNotPerHit() {
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy("ttl: 100\ncache: {refreshAhead: 0, jitter: 1}");
        get(policy);

        int calls = 0;
        for (int i = 0; i < 2000; i++) {
            get(policy);
            calls = Math.max(calls, context.endpoint.count());
        }

        assertThat(calls).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttl: 10|2",
                "ttl: 9|1",
                "ttl: 0|1",
                "ttl: 60\\ncache: {refreshAhead: 0}|1",
                "ttl: 9\\ncache: {refreshAhead: 0.5}|2",
                "ttl: 60\\ncache: {maxTtl: 9}|1",
                "ttl: 0\\ncache: {refreshAhead: 0.5}|1",
            })
    void refreshesByDefaultWhereItPays(String yaml, int calls) {
        context.endpoint.token("t", "{\"active\":true}");
        String text = yaml.replace("\\n", "\n");
        Policy policy = context.policy(
                text.contains("cache: {")
                        ? text.replace("cache: {", "cache: {jitter: 0, ")
                        : text + "\ncache: {jitter: 0}");
        get(policy);
        boolean ten = text.contains("ttl: 10");
        context.time.passes(Duration.ofMillis(ten ? 8_000 : 7_500));

        assertThat(get(policy).auth().source()).isEqualTo(AuthTrail.Source.CACHE);

        assertThat(context.endpoint.count()).isEqualTo(calls);
    }

    @Test
    void createsNoTimeSeriesForTokens() {
        Policy policy = context.policy("cache: {staleIfError: 10}");
        context.endpoint.always(
                EndpointFixture.json("{\"active\":true,\"sub\":\"alice\",\"exp\":" + context.time.seconds(3600) + "}"));
        get(policy);
        int before = context.meters.getMeters().size();

        for (int i = 0; i < 10_000; i++) {
            ExchangeFixture.get("/").bearer("token" + i).run(policy);
        }

        assertThat(context.meters.getMeters()).hasSize(before);
        assertThat(context.meters
                        .get("gateway.introspection.token.remaining")
                        .summary()
                        .count())
                .isEqualTo(10_001);
        assertThat(context.meters
                        .get("gateway.introspection.token.remaining")
                        .summary()
                        .mean())
                .isEqualTo(3600.0);
    }

    @Test
    void tellsTheNumbersOfTheMetrics() {
        context.endpoint.token("t", "{\"active\":true}").token("broken", failed(CallResult.Cause.TLS));
        Policy policy = context.policy("");
        get(policy);
        get(policy);
        ExchangeFixture.get("/").bearer("bad").run(policy);
        ExchangeFixture.get("/").bearer("broken").run(policy);

        AuthorizationServer.State state = context.servers().states().get(0);

        assertThat(state.totals().all()).isEqualTo(3);
        assertThat((double) state.totals().all()).isEqualTo(context.counted("gateway.introspection.requests"));
        assertThat(state.totals().errors()).isEqualTo(1);
        assertThat(state.totals().hitRatio()).isEqualTo(0.25);
        assertThat(state.entries()).isEqualTo(1);
        assertThat((double) state.bytes()).isEqualTo(context.gauge("gateway.introspection.cache.bytes"));
        assertThat(state.inactiveEntries()).isEqualTo(1);
        assertThat(context.servers().revocationDelay(state.server()))
                .isEqualTo(context.gauge("gateway.introspection.revocation.delay"));
    }

    @Test
    void forgetsByAnyClaimAndOnlyWhereAsked() {
        String answer = "{\"active\":true,\"sub\":\"alice\",\"client_id\":\"app\",\"jti\":\"j1\",\"sid\":\"s1\"}";
        context.endpoint
                .token("t", answer)
                .token("u", answer.replace("j1", "j2").replace("s1", "s2"));
        Policy one = context.policy("");
        Policy other = context.policy("authorization_value: other");
        for (Policy policy : new Policy[] {one, other}) {
            get(policy);
            ExchangeFixture.get("/").bearer("u").run(policy);
        }
        IntrospectionServers servers = context.servers();

        assertThat(servers.purgeClaim("sid", "s1", null)).isEqualTo(2);
        assertThat(servers.purgeClaim("sid", "s1", null)).isZero();
        assertThat(servers.purgeClaim("jti", "j2", "127.0.0.1:9#2")).isEqualTo(1);
        assertThat(servers.purgeClaim("sub", "alice", "nobody")).isZero();
        assertThat(servers.purgeClaim("sub", "bob", null)).isZero();
        assertThat(servers.purgeClaim("client_id", "app", "127.0.0.1:9")).isEqualTo(1);
        assertThat(servers.states())
                .allSatisfy(state -> assertThat(state.entries()).isZero());
    }
}
