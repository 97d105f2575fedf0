package dev.gatehouse.policies.introspect;

import static dev.gatehouse.policies.introspect.binding.ProofFixture.client;
import static dev.gatehouse.policies.introspect.binding.ProofFixture.proof;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.introspect.binding.ProofFixture;
import dev.gatehouse.policies.introspect.binding.ProofFixture.Client;
import dev.gatehouse.policies.introspect.binding.ProofRegister;
import dev.gatehouse.policies.introspect.binding.RegisterFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9449: what a request with a token that is bound to a key must prove. */
class ProofOfPossessionTest {
    private static final long NOW = TimeFixture.START_SECONDS;
    private static final String ALGORITHMS = "algs=\"ES256 ES384 EdDSA PS256 RS256\"";
    private static final String BAD_PROOF = "DPoP realm=\"gateway\", error=\"invalid_dpop_proof\","
            + " error_description=\"The DPoP proof is missing or not valid for this request.\", " + ALGORITHMS;

    private final ContextFixture context = new ContextFixture();
    private Executor workers = Runnable::run;

    @BeforeEach
    void bindTheTokenOfAlice() {
        ProofRegister register = RegisterFixture.on(task -> workers.execute(task), context.time, context.time);
        context.shared(new ProofRegister.Key(), () -> register);
        bind("t", client());
    }

    private void bind(String token, Client owner) {
        context.endpoint.token(token, "{\"active\":true,\"cnf\":{\"jkt\":\"" + owner.thumbprint() + "\"}}");
    }

    private static ExchangeFixture orders() {
        return ExchangeFixture.get("/orders?page=1");
    }

    private static ExchangeFixture with(String... proofs) {
        ExchangeFixture exchange = orders().header("authorization", "DPoP t");
        for (String proof : proofs) {
            exchange.header("dpop", proof);
        }
        return exchange;
    }

    private ExchangeFixture run(String options, ExchangeFixture exchange) {
        return exchange.run(policy(options));
    }

    private Policy policy(String dpop) {
        return context.policy("senderConstraint: {dpop: " + dpop + "}");
    }

    private static List<String> challenges(ExchangeFixture exchange) {
        return reply(exchange).headers().getAll("www-authenticate");
    }

    private static Reply reply(ExchangeFixture exchange) {
        return Objects.requireNonNull(exchange.reply(), "let through");
    }

    private void assertRefused(ExchangeFixture exchange, String result) {
        assertThat(reply(exchange).status()).isEqualTo(401);
        assertThat(challenges(exchange)).containsExactly(BAD_PROOF);
        assertThat(reply(exchange).headers().get("cache-control")).isEqualTo("no-store");
        assertThat(exchange.auth().reason()).isEqualTo("dpop");
        assertThat(exchange.hasRunOut()).isFalse();
        assertThat(context.counted("gateway.introspection.dpop.proofs", "result", result))
                .isEqualTo(1);
        assertThat(context.counted("gateway.policy.denials", "reason", "dpop")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "EdDSA", "PS256", "RS256"})
    void passesWithAProofOfTheKey(String algorithm) {
        Client client = client(algorithm, "alice");
        bind("t", client);

        ExchangeFixture exchange = run("auto", with(proof(client).sign()));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.auth().result()).isEqualTo(AuthTrail.Result.OK);
        assertThat(context.counted("gateway.introspection.dpop.proofs", "result", "valid", "server", "127.0.0.1:9"))
                .isEqualTo(1);
        assertThat(exchange.respond(200).headers().contains("dpop-nonce")).isFalse();
    }

    @Test
    void forwardsTokenAndProofAsTheyCame() {
        String proof = proof(client()).sign();

        ExchangeFixture exchange = run("auto", with(proof));

        assertThat(exchange.request().headers().get("authorization")).isEqualTo("DPoP t");
        assertThat(exchange.request().headers().get("dpop")).isEqualTo(proof);
    }

    @Test
    void forwardsNeitherWhenTold() {
        ExchangeFixture exchange = with(proof(client()).sign()).run(context.policy("forwardToken: none"));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.request().headers().contains("authorization")).isFalse();
        assertThat(exchange.request().headers().contains("dpop")).isFalse();
    }

    /**
     * @param result tag of the metric
     * @param change what is wrong, and nothing else
     */
    record Broken(String name, String result, UnaryOperator<ProofFixture> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Map<String, Object> jwk(String... members) {
        Map<String, Object> jwk = new HashMap<>(client().jwk().toJSONObject());
        for (int i = 0; i < members.length; i += 2) {
            jwk.put(members[i], members[i + 1]);
        }
        return jwk;
    }

    static Stream<Broken> broken() {
        return Stream.of(
                new Broken("typ", "malformed", proof -> proof.header("typ", "JWT")),
                new Broken("no typ", "malformed", proof -> proof.header("typ", null)),
                new Broken("crit", "malformed", proof -> proof.header("crit", List.of("exp"))),
                new Broken("b64", "malformed", proof -> proof.header("b64", true)),
                new Broken("alg none", "algorithm", proof -> proof.header("alg", "none")),
                new Broken("alg HS256", "algorithm", proof -> proof.header("alg", "HS256")),
                new Broken("no alg", "algorithm", proof -> proof.header("alg", null)),
                new Broken("alg of another key", "key", proof -> proof.header("alg", "RS256")),
                new Broken("alg of another curve", "key", proof -> proof.header("alg", "ES384")),
                new Broken("no jwk", "key", proof -> proof.header("jwk", null)),
                new Broken("jwk text", "key", proof -> proof.header("jwk", "x")),
                new Broken("private jwk", "key", proof -> proof.header("jwk", jwk("d", client().secret()))),
                new Broken("symmetric jwk", "key", proof -> proof.header("jwk", Map.of("kty", "oct", "k", "AAAA"))),
                new Broken("unknown curve", "key", proof -> proof.header("jwk", jwk("crv", "secp256k1"))),
                new Broken("point off the curve", "key", proof -> proof.header("jwk", jwk("x", "AAAA"))),
                new Broken("htm", "request", proof -> proof.claim("htm", "POST")),
                new Broken("htm in small letters", "request", proof -> proof.claim("htm", "get")),
                new Broken("no htm", "request", proof -> proof.claim("htm", null)),
                new Broken("htu path", "request", proof -> proof.claim("htu", "http://api.example.com/orders/1")),
                new Broken("htu host", "request", proof -> proof.claim("htu", "http://api.example.net/orders")),
                new Broken("htu scheme", "request", proof -> proof.claim("htu", "https://api.example.com/orders")),
                new Broken("no htu", "request", proof -> proof.claim("htu", null)),
                new Broken("htu of a wrong type", "request", proof -> proof.claim("htu", 1)),
                new Broken("iat too old", "age", proof -> proof.claim("iat", NOW - 61)),
                new Broken("iat in the future", "age", proof -> proof.claim("iat", NOW + 6)),
                new Broken("iat beyond every number", "age", proof -> proof.claim("iat", 1e300)),
                new Broken("iat text", "age", proof -> proof.claim("iat", "" + NOW)),
                new Broken("no iat", "age", proof -> proof.claim("iat", null)),
                new Broken("ath", "token", proof -> proof.claim("ath", ProofFixture.hash("u"))),
                new Broken("no ath", "token", proof -> proof.claim("ath", null)),
                new Broken("no jti", "malformed", proof -> proof.claim("jti", null)),
                new Broken("empty jti", "malformed", proof -> proof.claim("jti", "")),
                new Broken("jti too long", "malformed", proof -> proof.claim("jti", "j".repeat(257))),
                new Broken("jti number", "malformed", proof -> proof.claim("jti", 7)));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void refusesAProofWithOneThingWrong(Broken broken) {
        String proof = broken.change().apply(proof(client())).sign();

        assertRefused(run("auto", with(proof)), broken.result());
    }

    @Test
    void refusesWithoutAProof() {
        assertRefused(run("auto", with()), "missing");
    }

    @Test
    void refusesTwoProofs() {
        assertRefused(run("auto", with(proof(client()).sign(), proof(client()).sign())), "malformed");
    }

    @Test
    void refusesAProofOfAnotherKey() {
        assertRefused(run("auto", with(proof(client("ES256", "mallory")).sign())), "key");
    }

    @Test
    void refusesAKeyThatDidNotSign() {
        Client mallory = client("ES256", "mallory");
        String proof =
                proof(mallory).header("jwk", client().jwk().toJSONObject()).sign();

        assertRefused(run("auto", with(proof)), "signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "EdDSA", "PS256", "RS256"})
    void refusesAChangedSignature(String algorithm) {
        Client client = client(algorithm, "alice");
        bind("t", client);
        String proof = proof(client).sign();
        int last = proof.lastIndexOf('.') + 10;
        String changed = proof.substring(0, last) + (proof.charAt(last) == 'A' ? 'B' : 'A') + proof.substring(last + 1);

        assertRefused(run("auto", with(changed)), "signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "a.b", "a.b.", ".b.c", "a..c", "a.b.c.d", "e30.e30.AAAA", "a b.c.d", "a,b.c.d", "ä.b.c"
            })
    void refusesWhatIsNoProof(String text) {
        assertRefused(run("auto", with(text)), "malformed");
    }

    @Test
    void refusesAProofThatIsTooLong() {
        String proof = proof(client()).claim("x", "x".repeat(7000)).sign();

        assertThat(proof.length()).isGreaterThan(8192);
        assertRefused(run("auto", with(proof)), "malformed");
    }

    @Test
    void refusesAWeakKey() {
        Client weak = ProofFixture.rsa("RS256", 1024);
        bind("t", weak);

        assertRefused(run("auto", with(proof(weak).sign())), "key");
    }

    @Test
    void refusesAKeyThatIsSlowToUse() {
        Client slow = ProofFixture.rsa("RS256", 2048);
        Map<String, Object> jwk = new HashMap<>(slow.jwk().toJSONObject());
        jwk.put("e", jwk.get("n"));
        bind("t", slow);

        assertRefused(run("auto", with(proof(slow).header("jwk", jwk).sign())), "key");
    }

    @Test
    void refusesAnAlgorithmThatIsNotConfigured() {
        ExchangeFixture exchange =
                run("{algs: [ES384, PS256]}", with(proof(client()).sign()));

        assertThat(challenges(exchange)).singleElement().asString().endsWith("algs=\"ES384 PS256\"");
        assertThat(context.counted("gateway.introspection.dpop.proofs", "result", "algorithm"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"-60", "0", "5"})
    void acceptsProofsOfTheLastMinute(long offset) {
        assertThat(run("auto", with(proof(client()).claim("iat", NOW + offset).sign()))
                        .hasRunOut())
                .isTrue();
    }

    @Test
    void refusesProofsBeyondTheConfiguredAge() {
        assertRefused(
                run("{maxAge: 10}", with(proof(client()).claim("iat", NOW - 11).sign())), "age");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, https://api.example.com/orders",
        "https://API.example.com:443/, https://api.EXAMPLE.com/orders#x",
        "https://api.example.com/shop/, https://api.example.com/shop/orders?page=2",
    })
    void comparesWithThePublicUrl(String base, String url) {
        ExchangeFixture right = run(
                "{publicBaseUrl: '" + base + "'}",
                with(proof(client()).claim("htu", url).sign()));
        ExchangeFixture wrong =
                run("{publicBaseUrl: '" + base + "'}", with(proof(client()).sign()));

        assertThat(right.hasRunOut()).isTrue();
        assertRefused(wrong, "request");
    }

    @Test
    void comparesWithTheSchemeOfTheConnection() {
        InetSocketAddress place = InetSocketAddress.createUnresolved("127.0.0.1", 1);
        ExchangeFixture exchange = with(proof(client())
                        .claim("htu", "https://api.example.com/orders")
                        .sign())
                .peer(new Peer(place, place, true, null, false));

        assertThat(run("auto", exchange).hasRunOut()).isTrue();
    }

    @Test
    void refusesARequestThatNamesNoHost() {
        assertRefused(run("auto", with(proof(client()).sign()).host(null)), "request");
    }

    @Nested
    class Replay {
        @Test
        void refusesAProofThatWasUsed() {
            String proof = proof(client()).sign();
            Policy policy = policy("auto");

            assertThat(with(proof).run(policy).hasRunOut()).isTrue();
            assertRefused(with(proof).run(policy), "replayed");
        }

        @Test
        void refusesAProofThatWasUsedInAnotherPipelineOrBeforeAReload() {
            String proof = proof(client()).sign();
            assertThat(run("auto", with(proof)).hasRunOut()).isTrue();

            ExchangeFixture elsewhere =
                    with(proof).run(context.pipeline("other").policy("senderConstraint: {dpop: required}"));

            assertThat(reply(elsewhere).status()).isEqualTo(401);
            assertThat(context.counted("gateway.introspection.dpop.proofs", "result", "replayed"))
                    .isEqualTo(1);
        }

        @Test
        void doesNotUseUpAProofThatWasRefused() {
            String proof = proof(client()).sign();
            Policy policy = policy("auto");

            ExchangeFixture wrong = ExchangeFixture.request("POST", "/orders")
                    .header("authorization", "DPoP t")
                    .header("dpop", proof);

            assertThat(reply(wrong.run(policy)).status()).isEqualTo(401);
            assertThat(with(proof).run(policy).hasRunOut()).isTrue();
        }

        @Test
        void refusesWhenItCannotRememberMore() {
            Policy policy = policy("{replay: {maxEntries: 1}}");
            assertThat(with(proof(client()).sign()).run(policy).hasRunOut()).isTrue();

            ExchangeFixture exchange = with(proof(client()).sign()).run(policy);

            assertThat(reply(exchange).status()).isEqualTo(503);
            assertThat(reply(exchange).headers().get("retry-after")).isEqualTo("1");
            assertThat(challenges(exchange)).isEmpty();
            assertThat(context.counted("gateway.introspection.dpop.proofs", "result", "full"))
                    .isEqualTo(1);
        }
    }

    @Nested
    class Workers {
        @Test
        void refusesWhenTheQueueIsFull() {
            workers = task -> {
                throw new RejectedExecutionException();
            };

            assertThat(reply(run("auto", with(proof(client()).sign()))).status())
                    .isEqualTo(503);
            assertThat(context.counted("gateway.introspection.dpop.proofs", "result", "busy"))
                    .isEqualTo(1);
        }

        @Test
        void refusesWhenNobodyVerifiesInTime() {
            Queue<Runnable> queue = new ArrayDeque<>();
            workers = queue::add;
            String proof = proof(client()).sign();

            ExchangeFixture late = run("auto", with(proof)).passes(Duration.ofSeconds(2));

            assertThat(reply(late).status()).isEqualTo(503);
            context.time.passes(Duration.ofSeconds(3));
            queue.forEach(Runnable::run);
            workers = Runnable::run;
            assertThat(run("auto", with(proof)).hasRunOut())
                    .as("not used up by work that came too late")
                    .isTrue();
        }

        @Test
        void verifiesElsewhereAndGoesOn() {
            Queue<Runnable> queue = new ArrayDeque<>();
            workers = queue::add;

            ExchangeFixture exchange = run("auto", with(proof(client()).sign()));
            assertThat(exchange.hasRunOut()).isFalse();
            queue.forEach(Runnable::run);

            assertThat(exchange.runTasks().hasRunOut()).isTrue();
        }
    }

    @Nested
    class NonceRequired {
        private Policy policy = exchange -> Verdict.next();

        @BeforeEach
        void requireNonces() {
            policy = policy("{nonce: required}");
        }

        private HttpResponse challenged(ExchangeFixture exchange) {
            assertThat(reply(exchange).status()).isEqualTo(401);
            assertThat(challenges(exchange))
                    .singleElement()
                    .asString()
                    .contains("DPoP ", "error=\"use_dpop_nonce\"", ALGORITHMS);
            HttpResponse response = exchange.respondWithReply();
            assertThat(response.headers().get("cache-control")).isEqualTo("no-store");
            return response;
        }

        private String nonce() {
            String nonce = challenged(with(proof(client()).sign()).run(policy))
                    .headers()
                    .get("dpop-nonce");
            return Objects.requireNonNull(nonce);
        }

        private ExchangeFixture withNonce(Object nonce) {
            long now = context.time.seconds(0);
            return with(proof(client()).claim("nonce", nonce).claim("iat", now).sign())
                    .run(policy);
        }

        @Test
        void challengesWithoutNonceAndPassesWithIt() {
            ExchangeFixture exchange = withNonce(nonce());

            assertThat(exchange.hasRunOut()).isTrue();
            assertThat(exchange.respond(200).headers().contains("dpop-nonce")).isFalse();
        }

        @Test
        void tellsTheNewNonceOnSuccessWhileTheOldOneStillCounts() {
            String old = nonce();
            context.time.passes(Duration.ofSeconds(60));

            HttpResponse response = withNonce(old).respond(200, "cache-control", "max-age=60");

            assertThat(response.headers().get("dpop-nonce")).isNotNull().isNotEqualTo(old);
            assertThat(response.headers().get("cache-control")).isEqualTo("no-store");
            assertThat(withNonce(response.headers().get("dpop-nonce")).hasRunOut())
                    .isTrue();
        }

        @Test
        void refusesANonceOfAnOlderSlot() {
            String old = nonce();
            context.time.passes(Duration.ofMinutes(2));

            assertThat(challenged(withNonce(old)).headers().get("dpop-nonce")).isNotEqualTo(old);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "forged", "AAAAAAAAAAAAAAAAAAAAAA"})
        void refusesAForgedNonce(String nonce) {
            challenged(withNonce(nonce));
        }

        @Test
        void refusesANonceThatIsNoText() {
            challenged(withNonce(7));
        }

        @Test
        void refusesTheNonceOfAnotherGateway() {
            ProofRegister other = RegisterFixture.on(Runnable::run, context.time, context.time);
            String nonce = nonce();
            ContextFixture elsewhere = new ContextFixture();
            elsewhere.shared(new ProofRegister.Key(), () -> other);
            elsewhere.endpoint.token("t", "{\"active\":true,\"cnf\":{\"jkt\":\"" + client().thumbprint() + "\"}}");

            ExchangeFixture exchange = with(proof(client())
                            .claim("nonce", nonce)
                            .sign())
                    .run(elsewhere.policy("senderConstraint: {dpop: {nonce: required}}"));

            challenged(exchange);
        }
    }

    @Nested
    class Schemes {
        @Test
        void refusesABoundTokenUnderBearer() {
            ExchangeFixture exchange = run(
                    "auto", orders().bearer("t").header("dpop", proof(client()).sign()));

            assertThat(reply(exchange).status()).isEqualTo(401);
            assertThat(challenges(exchange))
                    .containsExactly(
                            "Bearer realm=\"gateway\", error=\"invalid_token\","
                                    + " error_description=\"The access token is not valid.\"",
                            "DPoP realm=\"gateway\", " + ALGORITHMS);
        }

        @Test
        void refusesABoundTokenInTheQuery() {
            ExchangeFixture exchange = ExchangeFixture.get("/orders?access_token=t")
                    .header("dpop", proof(client()).sign())
                    .run(policy("auto"));

            assertThat(reply(exchange).status()).isEqualTo(401);
        }

        @Test
        void refusesAPlainTokenUnderDpop() {
            context.endpoint.token("t", "{\"active\":true}");

            ExchangeFixture exchange = run("auto", with(proof(client()).sign()));

            assertThat(challenges(exchange))
                    .containsExactly("DPoP realm=\"gateway\", error=\"invalid_token\","
                            + " error_description=\"The access token is not valid.\", " + ALGORITHMS);
        }

        @Test
        void refusesAPlainTokenWhenProofsAreRequired() {
            context.endpoint.token("t", "{\"active\":true}");

            assertThat(reply(run("required", orders().bearer("t"))).status()).isEqualTo(401);
            assertThat(reply(run("required", with(proof(client()).sign()))).status())
                    .isEqualTo(401);
        }

        @Test
        void passesABoundTokenWhenProofsAreRequired() {
            assertThat(run("required", with(proof(client()).sign())).hasRunOut())
                    .isTrue();
        }

        @Test
        void passesAPlainTokenUnderBearer() {
            context.endpoint.token("t", "{\"active\":true}");

            assertThat(run("auto", orders().bearer("t")).hasRunOut()).isTrue();
        }

        @Test
        void refusesTheSchemeWhenProofsAreOff() {
            ExchangeFixture exchange = run("off", with(proof(client()).sign()));

            assertThat(exchange.auth().reason()).isEqualTo("no_token");
            assertThat(challenges(exchange)).containsExactly("Bearer realm=\"gateway\"");
            assertThat(context.endpoint.count()).isZero();
        }

        @Test
        void offersBearerAloneWhereTheFileDoesNotSpeakOfProofs() {
            ExchangeFixture exchange = orders().run(context.policy(""));

            assertThat(challenges(exchange)).containsExactly("Bearer realm=\"gateway\"");
        }

        @ParameterizedTest
        @ValueSource(strings = {"auto", "required"})
        void offersBothSchemesToWhomHasNoToken(String mode) {
            ExchangeFixture exchange = run(mode, orders().scopes("read"));

            assertThat(challenges(exchange))
                    .containsExactly(
                            "Bearer realm=\"gateway\", scope=\"read\"",
                            "DPoP realm=\"gateway\", scope=\"read\", " + ALGORITHMS);
        }

        @Test
        void refusesAnInactiveTokenInItsOwnScheme() {
            context.endpoint.token("t", "{\"active\":false}");

            assertThat(challenges(run("auto", with(proof(client()).sign()))))
                    .singleElement()
                    .asString()
                    .startsWith("DPoP realm=\"gateway\", error=\"invalid_token\"");
        }
    }

    @Test
    void refusesTheRightCertificateWithAWrongProof() {
        context.endpoint.token(
                "t", "{\"active\":true,\"cnf\":{\"jkt\":\"other\",\"x5t#S256\":\"" + CertificateFixture.HASH + "\"}}");

        ExchangeFixture exchange = with(proof(client()).sign()).peer(CertificateFixture.peer("client"));

        assertRefused(run("auto", exchange), "key");
    }

    @Test
    void refusesTheRightProofWithAWrongCertificate() {
        context.endpoint.token(
                "t",
                "{\"active\":true,\"cnf\":{\"jkt\":\"" + client().thumbprint() + "\",\"x5t#S256\":\""
                        + CertificateFixture.HASH + "\"}}");
        String url = "https://api.example.com/orders";
        Policy policy = policy("auto");

        ExchangeFixture wrong = with(proof(client()).claim("htu", url).sign()).peer(CertificateFixture.peer("other"));
        ExchangeFixture right = with(proof(client()).claim("htu", url).sign()).peer(CertificateFixture.peer("client"));

        assertThat(wrong.run(policy).auth().reason()).isEqualTo("mtls");
        assertThat(right.run(policy).hasRunOut()).isTrue();
    }

    @Test
    void asksForTheProofBeforeTheScope() {
        Policy policy = context.policy("scopes: {required: [write]}");

        assertThat(reply(with().run(policy)).status()).isEqualTo(401);
        ExchangeFixture proven = with(proof(client()).sign()).run(policy);
        assertThat(reply(proven).status()).isEqualTo(403);
        assertThat(challenges(proven))
                .singleElement()
                .asString()
                .startsWith("DPoP ")
                .contains("insufficient_scope");
    }

    @Test
    void refusesTheWrongAudienceBeforeItAsksForTheProof() {
        Policy policy = context.policy("claims: {audience: other}");

        assertThat(with().run(policy).auth().reason()).isEqualTo("audience");
    }

    @Test
    void demandsAProofForEachUseOfACachedAnswer() {
        Policy policy = policy("auto");

        assertThat(with(proof(client()).sign()).run(policy).hasRunOut()).isTrue();
        assertThat(with(proof(client()).sign()).run(policy).hasRunOut()).isTrue();
        assertRefused(with().run(policy), "missing");
        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @Test
    void passesAsNobodyWhenARefusedProofMay() {
        ExchangeFixture exchange = with().run(context.policy("passThrough: true"));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.identity()).isNull();
    }

    @Test
    void refusesToPassAsNobodyWhenProofsCannotBeRemembered() {
        Policy policy = context.policy("passThrough: true\nsenderConstraint: {dpop: {replay: {maxEntries: 1}}}");
        with(proof(client()).sign()).run(policy);

        assertThat(reply(with(proof(client()).sign()).run(policy)).status()).isEqualTo(503);
    }
}
