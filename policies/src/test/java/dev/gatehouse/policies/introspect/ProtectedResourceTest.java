package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ProtectedResource;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.refusal.Denial;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An apiEndpoint that is a protected resource with a name of its own (RFC 9728). */
final class ProtectedResourceTest {
    private static final String NAME = "https://mcp.example.com/mcp";
    private static final String METADATA = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
    private static final String QUIET = "forwardToken: none\ntokenSources: header\nclaims: {issuer: https://as}\n";
    private static final Span PLACE = new Span(new Source("gateway.config.yml", List.of("")), 1, 1, 1, 1);

    private final ContextFixture context = new ContextFixture();

    private static ResourceConfig named(String identifier) {
        return new ResourceConfig(identifier, null, null, Map.of());
    }

    private void serve(@Nullable ResourceConfig resource, String... scopes) {
        context.endpoints.add(new ApiEndpointConfig(
                "tools", "*", null, List.of("/mcp"), null, null, List.of(scopes), resource, Map.of(), PLACE));
    }

    private JsonNode document(ResourceConfig resource, String options) {
        serve(resource, "tools:read");
        context.policy(options);
        String published =
                Objects.requireNonNull(context.published.get(resource.metadata().toString()));
        assertThat(published).startsWith("application/json {");
        return JsonMapper.shared().readTree(published.substring("application/json ".length()));
    }

    private static ExchangeFixture request(ResourceConfig resource, String... scopes) {
        ProtectedResource served =
                new ProtectedResource(resource.audience(), resource.metadata().toString());
        return ExchangeFixture.get("/mcp").endpoint(new ApiEndpoint("tools", List.of(scopes), served, Map.of()));
    }

    private static @Nullable String challenge(ExchangeFixture exchange) {
        return Objects.requireNonNull(exchange.reply(), "let through").headers().get("www-authenticate");
    }

    @Nested
    final class Document {
        @Test
        void saysWhatTheGatewayDoes() {
            JsonNode document = document(named(NAME), "claims: {issuer: [https://as, https://bs]}");

            assertThat(document.toString())
                    .isEqualTo("{\"resource\":\"" + NAME + "\","
                            + "\"authorization_servers\":[\"https://as\",\"https://bs\"],"
                            + "\"scopes_supported\":[\"tools:read\"],"
                            + "\"bearer_methods_supported\":[\"header\",\"query\"],"
                            + "\"tls_client_certificate_bound_access_tokens\":true,"
                            + "\"dpop_signing_alg_values_supported\":"
                            + "[\"ES256\",\"ES384\",\"EdDSA\",\"PS256\",\"RS256\"]}");
            assertThat(context.published).containsOnlyKeys(METADATA);
        }

        @Test
        void listsExactlyTheServersThatAreWritten() {
            ResourceConfig resource =
                    new ResourceConfig(NAME, List.of("https://cs", "https://ds/realms/a"), null, Map.of());

            assertThat(document(resource, "claims: {issuer: https://as}").path("authorization_servers"))
                    .extracting(JsonNode::asString)
                    .containsExactly("https://cs", "https://ds/realms/a");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "scopes: {}|tools:read",
                    "scopes: {required: [extra, 'tools:read', {scope: more}]}|tools:read extra more",
                    "scopes: {required: [extra], fromApiEndpoint: false}|extra",
                    "scopes: {required: [a, b], match: any}|tools:read a b",
                    "scopes: {required: [a], byMethod: {POST: [w, x], DELETE: [d, a]}}|tools:read a d w x"
                })
        void namesTheScopesOfEndpointAndPolicyOnce(String options, String scopes) {
            assertThat(document(named(NAME), options).path("scopes_supported"))
                    .extracting(JsonNode::asString)
                    .containsExactly(scopes.split(" "));
        }

        @Test
        void namesTheScopesOfAllEntriesOfTheResource() {
            serve(named(NAME), "tools:write");
            serve(named("https://mcp.example.com/other"), "other");

            assertThat(document(named(NAME), "").path("scopes_supported"))
                    .extracting(JsonNode::asString)
                    .containsExactly("tools:write", "tools:read");
        }

        @Test
        void leavesOutWhatHasNoValue() {
            ResourceConfig hidden = new ResourceConfig(NAME, null, false, Map.of());

            JsonNode document = document(hidden, "scopes: {required: [extra]}");

            assertThat(document.has("scopes_supported")).isFalse();
            assertThat(document.has("authorization_servers")).isFalse();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "tokenSources: header|bearer_methods_supported|[\"header\"]",
                    "tokenSources: query|bearer_methods_supported|[\"query\"]",
                    "tokenSources: [query, header]|bearer_methods_supported|[\"header\",\"query\"]",
                    "tokenSources: [header, form]|bearer_methods_supported|[\"header\",\"body\"]",
                    "tokenSources: [{type: header, name: x-token}]|bearer_methods_supported|",
                    "issuer: https://as.example/a|authorization_servers|[\"https://as.example/a\"]",
                    "senderConstraint: {mtls: auto}|tls_client_certificate_bound_access_tokens|true",
                    "senderConstraint: {mtls: required}|tls_client_certificate_bound_access_tokens|true",
                    "senderConstraint: {mtls: 'off'}|tls_client_certificate_bound_access_tokens|",
                    "senderConstraint: {dpop: {algs: ES256}}|dpop_signing_alg_values_supported|[\"ES256\"]",
                    "senderConstraint: {dpop: 'off'}|dpop_signing_alg_values_supported|",
                    "senderConstraint: {dpop: required}|dpop_bound_access_tokens_required|true",
                    "senderConstraint: {dpop: auto}|dpop_bound_access_tokens_required|"
                })
        void changesWithTheOptions(String options, String member, @Nullable String value) {
            JsonNode found = document(named(NAME), options).path(member);

            assertThat(found.isMissingNode() ? null : found.toString()).isEqualTo(value);
        }

        @Test
        void takesFurtherMembers() {
            Map<String, Object> extra = new LinkedHashMap<>();
            extra.put("resource_name", "Tools \"of\" \u00fc");
            extra.put("x_list", List.of(1L, true, Map.of("a", 1.5)));
            extra.put("x_none", null);

            JsonNode document = document(new ResourceConfig(NAME, null, null, extra), "");

            assertThat(document.path("resource_name").asString()).isEqualTo("Tools \"of\" \u00fc");
            assertThat(document.path("x_list").toString()).isEqualTo("[1,true,{\"a\":1.5}]");
            assertThat(document.has("x_none")).isFalse();
        }

        @Test
        void isNotPublishedWhereNothingIsNamed() {
            serve(null, "tools:read");

            context.policy(QUIET);

            assertThat(context.published).isEmpty();
            assertThat(context.codes()).containsExactly("W0425");
        }
    }

    @Nested
    final class Challenges {
        @Test
        void nameTheDocumentWhenThereIsNoToken() {
            ExchangeFixture exchange = request(named(NAME), "tools:read").run(context.policy(QUIET));

            assertThat(challenge(exchange))
                    .isEqualTo("Bearer realm=\"gateway\", scope=\"tools:read\", resource_metadata=\"" + METADATA + '"');
        }

        @Test
        void nameTheDocumentAsTheFileSaysWhateverTheHost() {
            serve(named(NAME), "tools:read");
            ExchangeFixture exchange = request(named(NAME), "tools:read")
                    .host("evil.example")
                    .header("x-forwarded-host", "evil.example")
                    .header("forwarded", "host=evil.example")
                    .run(context.policy(QUIET));

            assertThat(challenge(exchange)).contains(METADATA).doesNotContain("evil");
            assertThat(context.published.toString()).doesNotContain("evil");
        }

        /** Every refusal by 401 or 403 has it, no other has. */
        @ParameterizedTest
        @EnumSource(Denial.class)
        void nameTheDocumentWithEvery401And403(Denial denial) {
            var refusals = new dev.gatehouse.policies.introspect.refusal.Refusals(
                    "gateway",
                    ConfigFixture.config("").errors(),
                    CompatConfig.Status.STANDARD,
                    ConfigFixture.config("").scopes(),
                    null,
                    ConfigFixture.config("").senderConstraint(),
                    true,
                    List.of());
            ApiEndpoint endpoint = request(named(NAME)).endpoint();
            var reply = refusals.reply(denial, endpoint, "GET", BearerToken.Scheme.BEARER);
            int status = reply.status();
            String challenge = reply.headers().get("www-authenticate");

            assertThat(challenge != null && challenge.contains("resource_metadata=\"" + METADATA + '"'))
                    .isEqualTo(status == 401 || status == 403);
        }

        @Test
        void areAsBeforeWhereNothingIsNamed() {
            ExchangeFixture exchange = ExchangeFixture.get("/").run(context.policy(QUIET));

            assertThat(challenge(exchange)).isEqualTo("Bearer realm=\"gateway\"");
        }

        @Test
        void tellTwoEndpointsWithTheSameScopesApart() {
            serve(named(NAME), "a");
            serve(named("https://b.example"), "a");
            var policy = context.policy(QUIET);

            assertThat(challenge(request(named(NAME), "a").run(policy))).contains(METADATA);
            assertThat(challenge(request(named("https://b.example"), "a").run(policy)))
                    .contains("\"https://b.example/.well-known/oauth-protected-resource\"");
        }
    }

    @Nested
    final class Audience {
        private ExchangeFixture withAudience(String identifier, String options, String aud) {
            context.endpoint.always(EndpointFixture.json(
                    "{\"active\":true,\"iss\":\"https://as\"" + (aud.isEmpty() ? "" : ",\"aud\":" + aud) + "}"));
            return request(named(identifier)).bearer("t").run(context.policy(options));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    NAME + "|\"" + NAME + "\"",
                    NAME + "|[\"x\",\"" + NAME + "\"]",
                    "https://root.example|\"https://root.example/\"",
                    "https://root.example/|[\"https://root.example\"]"
                })
        void isTheNameOfTheResource(String identifier, String aud) {
            assertThat(withAudience(identifier, QUIET, aud).hasRunOut()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "\"https://mcp.example.com\"",
                    "\"https://mcp.example.com/mcp/\"",
                    "\"https://mcp.example.com/MCP\"",
                    "[\"https://other.example\"]",
                    "[]",
                    "{\"a\":1}"
                })
        void refusesATokenForAnotherResource(String aud) {
            ExchangeFixture exchange = withAudience(NAME, QUIET, aud);

            assertThat(Objects.requireNonNull(exchange.reply()).status()).isEqualTo(401);
            assertThat(exchange.auth().reason()).isEqualTo("audience");
            assertThat(challenge(exchange)).contains("error=\"invalid_token\"", METADATA);
        }

        @Test
        void refusesACachedTokenAtTheNextResource() {
            context.endpoint.token("t", "{\"active\":true,\"aud\":\"" + NAME + "\"}");
            var policy = context.policy("forwardToken: none");

            assertThat(request(named(NAME)).bearer("t").run(policy).hasRunOut()).isTrue();
            assertThat(request(named("https://b.example/b"))
                            .bearer("t")
                            .run(policy)
                            .hasRunOut())
                    .isFalse();
            assertThat(context.endpoint.count()).isEqualTo(1);
        }

        @Test
        void isWhatTheOperatorWritesInstead() {
            String options = "claims: {audience: [https://written.example]}";

            assertThat(withAudience(NAME, options, "\"https://written.example\"")
                            .hasRunOut())
                    .isTrue();
            assertThat(new ProtectedResourceTest().new Audience()
                            .withAudience(NAME, options, '"' + NAME + '"')
                            .hasRunOut())
                    .isFalse();
        }
    }

    @Nested
    final class Warnings {
        @Test
        void areNoneForAResourceWithItsIssuer() {
            serve(named(NAME));

            context.policy(QUIET);

            assertThat(context.codes()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "forwardToken: header\n"})
        void tellWhenTheServiceGetsTheToken(String option) {
            serve(named(NAME));

            context.policy(option + "tokenSources: header\nclaims: {issuer: https://as}");

            assertThat(context.problems.all())
                    .extracting(Problem::code, Problem::path)
                    .containsExactly(org.assertj.core.api.Assertions.tuple(
                            "W0466", "pipelines.main.policies[0].oauth2-introspect[0].action.forwardToken"));
        }

        @Test
        void tellWhenTheDocumentNamesNoServer() {
            serve(named(NAME));

            context.policy("forwardToken: none\ntokenSources: header");

            assertThat(context.codes()).containsExactly("W0469");
        }

        @Test
        void tellWhenOnlySomeEndpointsHaveAnAudience() {
            serve(named(NAME));
            serve(null);

            context.policy(QUIET);

            assertThat(context.codes()).containsExactly("W0425");
        }
    }
}
