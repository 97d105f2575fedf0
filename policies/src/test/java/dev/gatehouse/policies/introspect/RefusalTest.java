package dev.gatehouse.policies.introspect;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.CallResult.Cause;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.introspect.refusal.Denial;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import dev.gatehouse.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a request is not let through, under both status styles. */
class RefusalTest {
    private static final long NOW = TimeFixture.START_SECONDS;
    private static final String INVALID_TOKEN =
            "Bearer realm=\"gateway\", error=\"invalid_token\", error_description=\"The access token is not valid.\"";
    private static final String INVALID_REQUEST = "Bearer realm=\"gateway\", error=\"invalid_request\","
            + " error_description=\"The request must carry exactly one access token in one place.\"";
    private static final String INSUFFICIENT_SCOPE = "Bearer realm=\"gateway\", error=\"insufficient_scope\","
            + " error_description=\"The access token does not grant the scope that this request needs.\","
            + " scope=\"read write\"";
    private static final String MISSING_CLAIM = "Bearer realm=\"gateway\", error=\"insufficient_scope\","
            + " error_description=\"The access token does not have the claims that this request needs.\","
            + " scope=\"read\"";
    private static final String STEP_UP = "Bearer realm=\"gateway\", error=\"insufficient_user_authentication\","
            + " error_description=\"This request needs a stronger or more recent login.\","
            + " acr_values=\"gold\", max_age=\"60\"";
    private static final String REALM = "Bearer realm=\"gateway\"";

    /**
     * @param options of the policy
     * @param answer of the endpoint
     * @param standard status by the standards; Express Gateway's is always 401
     */
    record Row(
            String name,
            String options,
            @Nullable CallResult answer,
            UnaryOperator<ExchangeFixture> request,
            int standard,
            @Nullable String challenge,
            String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row active(String name, String options, String members, String reason) {
        return new Row(
                name,
                options,
                json("{\"active\":true" + (members.isEmpty() ? "" : ",") + members + "}"),
                exchange -> exchange.bearer("t"),
                401,
                INVALID_TOKEN,
                reason);
    }

    private static Row unknown(String name, CallResult answer, String reason) {
        return new Row(name, "", answer, exchange -> exchange.bearer("t"), 503, null, reason);
    }

    private static Row request(
            String name, UnaryOperator<ExchangeFixture> request, int standard, String challenge, String reason) {
        return new Row(name, "maxTokenLength: 20", null, request, standard, challenge, reason);
    }

    static Stream<Row> rows() {
        return Stream.of(tokens(), claims(), answers(), failures()).flatMap(List::stream);
    }

    private static List<Row> tokens() {
        return List.of(
                request("no token", exchange -> exchange, 401, REALM, "no_token"),
                request("other scheme", x -> x.header("authorization", "Basic eA=="), 401, REALM, "no_token"),
                request("no value", x -> x.header("authorization", "Bearer"), 400, INVALID_REQUEST, "malformed"),
                request("two fields", x -> x.bearer("a").bearer("a"), 400, INVALID_REQUEST, "malformed"),
                request("too long", x -> x.bearer("a".repeat(21)), 401, INVALID_TOKEN, "malformed"),
                request("not ASCII", x -> x.bearer("t\u00e4"), 401, INVALID_TOKEN, "malformed"));
    }

    private static List<Row> claims() {
        return List.of(
                active("exp in the past", "", "\"exp\":" + (NOW - 1), "expired"),
                active("exp now", "", "\"exp\":" + NOW, "expired"),
                active("no exp", "claims: {requireExp: true}", "", "expired"),
                active("nbf", "", "\"nbf\":" + (NOW + 6), "not_yet"),
                active("iat", "", "\"iat\":" + (NOW + 60), "not_yet"),
                active("nbf without skew", "claims: {clockSkew: 0}", "\"nbf\":" + (NOW + 1), "not_yet"),
                active("no iss", "claims: {issuer: https://as}", "", "issuer"),
                active("iss", "claims: {issuer: [https://as]}", "\"iss\":\"https://as/\"", "issuer"),
                active("no aud", "claims: {audience: api}", "", "audience"),
                active("aud", "claims: {audience: api}", "\"aud\":[\"API\",1]", "audience"),
                active("aud object", "claims: {audience: api}", "\"aud\":{\"api\":1}", "audience"),
                active(
                        "one aud of two",
                        "claims: {audience: [a, b], audienceMatch: all}",
                        "\"aud\":[\"a\",\"c\"]",
                        "audience"),
                active("no token_type", "claims: {tokenType: [Bearer]}", "", "type"),
                active("token_type", "claims: {tokenType: [Bearer]}", "\"token_type\":\"mac\"", "type"),
                active("token_use", "", "\"token_use\":\"refresh_token\"", "type"),
                active("token_use of another type", "", "\"token_use\":1", "type"),
                active("certificate", "", "\"cnf\":{\"x5t#S256\":\"abc\"}", "mtls"),
                active("certificate needed", "senderConstraint: {mtls: required}", "", "mtls"),
                active("DPoP", "", "\"cnf\":{\"jkt\":\"abc\"}", "dpop"),
                active("unknown binding", "", "\"cnf\":{\"foo\":1}", "mtls"),
                active("empty binding", "", "\"cnf\":{}", "mtls"),
                active("odd binding", "", "\"cnf\":\"x\"", "mtls"),
                active("too old", "claims: {maxTokenAge: 3600}", "\"iat\":" + (NOW - 3601), "expired"),
                new Row(
                        "required claim",
                        "claims: {required: {tenant: acme}}",
                        json("{\"active\":true,\"scope\":\"read\"}"),
                        exchange -> exchange.bearer("t").scopes("read"),
                        403,
                        MISSING_CLAIM,
                        "claims"),
                new Row(
                        "step-up",
                        "stepUp: {acrValues: gold, maxAge: 60}",
                        json("{\"active\":true,\"acr\":\"gold\"}"),
                        exchange -> exchange.bearer("t").scopes("read"),
                        401,
                        STEP_UP,
                        "stepup"),
                scope("no scope", ""),
                scope("one scope", ",\"scope\":\"read\""),
                scope("other case", ",\"scope\":\"READ WRITE\""),
                scope("part of a scope", ",\"scope\":\"readx write\""),
                scope("scope of another type", ",\"scope\":42"));
    }

    private static Row scope(String name, String members) {
        return new Row(
                name,
                "",
                json("{\"active\":true" + members + "}"),
                exchange -> exchange.bearer("t").scopes("read", "write"),
                403,
                INSUFFICIENT_SCOPE,
                "scope");
    }

    private static List<Row> answers() {
        Row inactive = active("inactive", "", "", "inactive");
        return List.of(
                with(inactive, "inactive", json("{\"active\":false}")),
                with(inactive, "active is a string", json("{\"active\":\"true\"}")),
                with(inactive, "status 400", answer(400, "{\"error\":\"x\"}", "content-type", "application/json")),
                with(
                        inactive,
                        "status 400 and active",
                        answer(400, "{\"active\":true}", "content-type", "application/json")),
                with(inactive, "status 400 without JSON", answer(400, "invalid_client")),
                unknown(
                        "own fault",
                        answer(400, "{\"error\":\"invalid_client\"}", "content-type", "application/json"),
                        "client_rejected"),
                unknown("status 401", answer(401, "{\"active\":true}"), "client_rejected"),
                unknown("status 403", answer(403, ""), "client_rejected"),
                unknown("no JSON", json("<html>"), "server_unavailable"),
                unknown("duplicate", json("{\"active\":false,\"active\":true}"), "server_unavailable"),
                unknown("exp of another type", json("{\"active\":true,\"exp\":\"soon\"}"), "server_unavailable"),
                unknown("no type", answer(200, "{\"active\":true}"), "server_unavailable"),
                unknown(
                        "HTML type",
                        answer(200, "{\"active\":true}", "content-type", "text/html"),
                        "server_unavailable"),
                unknown(
                        "JWT",
                        answer(200, "{\"active\":true}", "content-type", "application/token-introspection+jwt"),
                        "server_unavailable"),
                unknown(
                        "two types",
                        answer(
                                200,
                                "{\"active\":true}",
                                "content-type",
                                "application/json",
                                "content-type",
                                "text/html"),
                        "server_unavailable"));
    }

    private static Row with(Row row, String name, CallResult answer) {
        return new Row(name, row.options(), answer, row.request(), row.standard(), row.challenge(), row.reason());
    }

    private static List<Row> failures() {
        Stream<Row> statuses = Stream.of(201, 202, 204, 301, 302, 307, 404, 405, 418, 429, 500, 502, 503, 504)
                .map(status -> unknown(
                        "status " + status,
                        answer(status, "{\"active\":true}", "content-type", "application/json", "retry-after", "1"),
                        "server_unavailable"));
        Stream<Row> causes = Stream.of(Cause.values())
                .map(cause -> unknown(
                        "call " + cause,
                        failed(cause),
                        cause == Cause.RESPONSE_TIMEOUT || cause == Cause.CONNECT_TIMEOUT
                                ? "server_timeout"
                                : "server_unavailable"));
        return Stream.concat(statuses, causes).toList();
    }

    private ExchangeFixture run(Row row, ContextFixture context) {
        if (row.answer() != null) {
            context.endpoint.always(row.answer());
        }
        ExchangeFixture exchange = row.request().apply(ExchangeFixture.get("/x"));
        return exchange.run(context.policy(row.options() + "\nresilience: {retries: {max: 0}}"));
    }

    private static Reply reply(ExchangeFixture exchange) {
        return Objects.requireNonNull(exchange.reply(), "let through");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void refusesByTheStandards(Row row) {
        ContextFixture context = new ContextFixture();

        ExchangeFixture exchange = run(row, context);

        assertThat(reply(exchange).status()).isEqualTo(row.standard());
        assertThat(reply(exchange).headers().get("www-authenticate")).isEqualTo(row.challenge());
        assertThat(reply(exchange).headers().get("cache-control")).isEqualTo("no-store");
        assertThat(reply(exchange).headers().get("retry-after")).isEqualTo(row.standard() == 503 ? "1" : null);
        assertThat(exchange.hasRunOut()).isFalse();
        assertThat(exchange.identity()).isNull();
        assertThat(exchange.auth().reason()).isEqualTo(row.reason());
        assertThat(exchange.auth().result())
                .isEqualTo(row.standard() == 503 ? AuthTrail.Result.ERROR : AuthTrail.Result.DENIED);
        assertThat(context.counted("gateway.policy.denials", "pipeline", "main", "reason", row.reason()))
                .isEqualTo(1);
        assertThat(context.endpoint.count()).isEqualTo(row.answer() == null ? 0 : 1);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void refusesAsExpressGateway(Row row) {
        ExchangeFixture exchange = run(row, new ContextFixture().status(CompatConfig.Status.EXPRESS_GATEWAY));

        assertThat(reply(exchange).status()).isEqualTo(401);
        assertThat(reply(exchange).headers().get("www-authenticate"))
                .isEqualTo(row.challenge() == null ? REALM : row.challenge());
        assertThat(reply(exchange).headers().get("cache-control")).isEqualTo("no-store");
        assertThat(reply(exchange).headers().get("retry-after")).isNull();
        assertThat(exchange.hasRunOut()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"standard,express-gateway,401", "express-gateway,standard,403"})
    void styleOfThePolicyWinsOverTheProduct(String product, String policy, int status) {
        ContextFixture context = new ContextFixture()
                .status(CompatConfig.Status.valueOf(product.replace('-', '_').toUpperCase(java.util.Locale.ROOT)));
        context.endpoint.token("t", "{\"active\":true}");

        var exchange =
                ExchangeFixture.get("/").bearer("t").scopes("a").run(context.policy("errors: {style: " + policy + "}"));

        assertThat(reply(exchange).status()).isEqualTo(status);
    }

    @Test
    void tellsNothingAboutWhyATokenIsInvalid() {
        ContextFixture context = new ContextFixture();
        Policy policy = context.policy("claims: {issuer: i, audience: a}");
        context.endpoint
                .token("expired", "{\"active\":true,\"exp\":1}")
                .token("issuer", "{\"active\":true,\"iss\":\"x\"}")
                .token("audience", "{\"active\":true,\"iss\":\"i\",\"aud\":\"x\"}");

        List<String> replies = Stream.of("unknown", "expired", "issuer", "audience")
                .map(token -> reply(ExchangeFixture.get("/").bearer(token).run(policy)))
                .map(reply -> reply.status() + " " + reply.headers().entries() + reply.error() + reply.description())
                .distinct()
                .toList();

        assertThat(replies).hasSize(1);
    }

    @Test
    void tellsExpiredTokensApartWhenAsked() {
        ContextFixture context = new ContextFixture();
        context.endpoint.token("t", "{\"active\":true,\"exp\":1}");

        var exchange = ExchangeFixture.get("/").bearer("t").run(context.policy("errors: {detail: standard}"));

        assertThat(reply(exchange).description()).isEqualTo("The access token has expired.");
        assertThat(reply(exchange).error()).isEqualTo("invalid_token");
    }

    @Test
    void namesNeededScopesUnlessForbidden() {
        ContextFixture context = new ContextFixture();
        Policy telling = context.policy("scopes: {required: [{scope: write}, read]}");
        Policy silent = context.policy("scopes: {required: [write]}\nerrors: {showScope: false}");
        context.endpoint.token("t", "{\"active\":true}");

        assertThat(challenge(ExchangeFixture.get("/").scopes("read").run(telling)))
                .isEqualTo("Bearer realm=\"gateway\", scope=\"read write\"");
        assertThat(challenge(ExchangeFixture.get("/").scopes("read").run(silent)))
                .isEqualTo(REALM);
        assertThat(challenge(ExchangeFixture.get("/").bearer("t").scopes("read").run(silent)))
                .doesNotContain("scope=");
    }

    @Test
    void escapesWhatItQuotes() {
        ContextFixture context = new ContextFixture();
        Policy policy = context.policy("realm: \"a\\\"b\\\\c\\r\\n\u00e4\"");

        assertThat(challenge(ExchangeFixture.get("/").scopes("x\"y\rz").run(policy)))
                .isEqualTo("Bearer realm=\"a\\\"b\\\\c\", scope=\"x\\\"yz\"");
    }

    private static @Nullable String challenge(ExchangeFixture exchange) {
        return reply(exchange).headers().get("www-authenticate");
    }

    @ParameterizedTest
    @CsvSource({"7,7", "99999,120", "0,1", "soon,1", "-3,1", "''," + 1})
    void copiesRetryAfterWithinReason(String sent, String told) {
        ContextFixture context = new ContextFixture();
        context.endpoint.always(answer(429, "", "retry-after", sent));

        var exchange = ExchangeFixture.get("/").bearer("t").run(context.policy(""));

        assertThat(reply(exchange).headers().get("retry-after")).isEqualTo(told);
    }

    @Test
    void refusesWhenTheAnswerComesTooLate() {
        ContextFixture context = new ContextFixture();
        context.endpoint.token("t", "{\"active\":true}").hold();
        var exchange = ExchangeFixture.get("/").bearer("t").run(context.policy("timeout: 400"));

        exchange.passes(Duration.ofMillis(399));
        assertThat(exchange.reply()).isNull();
        exchange.passes(Duration.ofMillis(1));

        assertThat(reply(exchange).status()).isEqualTo(503);
        assertThat(exchange.auth().reason()).isEqualTo("server_timeout");
        context.endpoint.letGo();
        exchange.runTasks();
        assertThat(exchange.hasRunOut()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Denial.class)
    void refusesWithTheStatusOfItsRefusal(Denial denial) {
        assertThat(denial.refusal.status()).isIn(400, 401, 403, 503);
        assertThat(denial.isServerFault()).isEqualTo(denial.refusal.status() == 503);
    }

    @Test
    void refusesWhenTheCallItselfBreaks() {
        ContextFixture context = new ContextFixture();
        context.endpoint.breaks();

        var exchange = ExchangeFixture.get("/").bearer("t").run(context.policy(""));

        assertThat(reply(exchange).status()).isEqualTo(503);
        context.endpoint.recovers().token("t", "{\"active\":true}");
        assertThat(ExchangeFixture.get("/").bearer("t").run(context.policy("")).hasRunOut())
                .isTrue();
    }
}
