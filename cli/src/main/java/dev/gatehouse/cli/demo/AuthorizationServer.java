package dev.gatehouse.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.admin.Call;
import dev.gatehouse.admin.LocalServer;
import dev.gatehouse.admin.Resource;
import dev.gatehouse.admin.Router;
import dev.gatehouse.cli.run.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The demo's authorization server: metadata (RFC 8414), client credentials (RFC 6749 section 4.4), introspection (RFC
 * 7662), revocation (RFC 7009) and a switch to be down. Counts introspection calls. Runs on the loop of its listener.
 */
final class AuthorizationServer implements AutoCloseable {
    /** What the gateway sends as Authorization; public like everything in the demo. */
    static final String GATEWAY_CREDENTIALS = basic("gateway", "gateway-secret");

    /** What a client of the demo sends to the token endpoint. */
    static final String CLIENT_CREDENTIALS = basic("demo-app", "demo-app-secret");

    private static final Map<String, Object> INVALID_CLIENT = Map.of("error", "invalid_client");

    private final DemoTokens tokens = new DemoTokens(InstantSource.system());
    private final AtomicInteger introspections = new AtomicInteger();
    private final AtomicBoolean down = new AtomicBoolean();
    private final LocalServer server;

    private AuthorizationServer(Ports ports, int port) {
        Router router = new Router()
                .on(HttpMethod.GET, "/.well-known/oauth-authorization-server", this::metadata)
                .on(HttpMethod.POST, "/token", this::token)
                .on(HttpMethod.POST, "/introspect", this::introspect)
                .on(HttpMethod.POST, "/revoke", this::revoke);
        Resource outage = call -> {
            if (down.get()) {
                call.refuse(503, "Service Unavailable");
            } else {
                router.answer(call);
            }
        };
        Router withSwitch = new Router()
                .on(HttpMethod.POST, "/demo/down", call -> turn(call, true))
                .on(HttpMethod.POST, "/demo/up", call -> turn(call, false));
        this.server = ports.open(port, call -> (call.path().startsWith("/demo/") ? withSwitch : outage).answer(call));
    }

    /** Opens it on {@code port}, or on a free one when that is taken. */
    static AuthorizationServer open(Ports ports, int port) {
        return new AuthorizationServer(ports, port);
    }

    int port() {
        return server.address().getPort();
    }

    String url() {
        return "http://localhost:" + port();
    }

    /** Introspection calls since the start, refused ones included. */
    int introspections() {
        return introspections.get();
    }

    @Override
    public void close() {
        server.close();
    }

    private void turn(Call call, boolean isDown) {
        down.set(isDown);
        json(call, 200, Map.of("down", isDown));
    }

    private void metadata(Call call) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", url());
        document.put("token_endpoint", url() + "/token");
        document.put("introspection_endpoint", url() + "/introspect");
        document.put("revocation_endpoint", url() + "/revoke");
        document.put("grant_types_supported", List.of("client_credentials"));
        document.put("response_types_supported", List.of());
        document.put("introspection_endpoint_auth_methods_supported", List.of("client_secret_basic"));
        json(call, 200, document);
    }

    private void token(Call call) {
        if (!CLIENT_CREDENTIALS.equals(call.header(HttpHeaderNames.AUTHORIZATION))) {
            json(call, 401, INVALID_CLIENT);
            return;
        }
        if (!"client_credentials".equals(field(call, "grant_type"))) {
            json(call, 400, Map.of("error", "unsupported_grant_type"));
            return;
        }
        String scope = field(call, "scope");
        if (scope == null || !tokens.scopes().containsAll(Set.of(scope.split(" ", -1)))) {
            json(call, 400, Map.of("error", "invalid_scope"));
            return;
        }
        String token = tokens.issue("demo-app", scope);
        if (token == null) {
            json(call, 503, Map.of("error", "temporarily_unavailable"));
            return;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", token);
        answer.put("token_type", "Bearer");
        answer.put("expires_in", tokens.lifetimeSeconds());
        answer.put("scope", scope);
        json(call, 200, answer);
    }

    private void introspect(Call call) {
        introspections.incrementAndGet();
        if (!GATEWAY_CREDENTIALS.equals(call.header(HttpHeaderNames.AUTHORIZATION))) {
            json(call, 401, INVALID_CLIENT);
            return;
        }
        String token = field(call, "token");
        if (token == null) {
            json(call, 400, Map.of("error", "invalid_request"));
        } else {
            json(call, 200, tokens.introspect(token));
        }
    }

    private void revoke(Call call) {
        if (!CLIENT_CREDENTIALS.equals(call.header(HttpHeaderNames.AUTHORIZATION))) {
            json(call, 401, INVALID_CLIENT);
            return;
        }
        String token = field(call, "token");
        if (token != null) {
            tokens.revoke(token);
        }
        json(call, 200, Map.of());
    }

    private static @Nullable String field(Call call, String name) {
        Map<String, List<String>> form =
                new QueryStringDecoder(new String(call.body(), UTF_8), UTF_8, false, 20).parameters();
        List<String> values = form.getOrDefault(name, List.of());
        return values.size() == 1 ? values.get(0) : null;
    }

    private static void json(Call call, int status, Map<String, Object> body) {
        call.reply(status, Call.JSON, Json.bytes(body));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(UTF_8));
    }
}
