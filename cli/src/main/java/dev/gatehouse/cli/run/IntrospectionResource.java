package dev.gatehouse.cli.run;

import dev.gatehouse.admin.Call;
import dev.gatehouse.admin.Router;
import dev.gatehouse.policies.introspect.IntrospectionServers;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * What the admin API tells about introspection, and how answers are forgotten. A token comes in the body only, because
 * paths end up in logs. Runs on the event loop of the admin listener, which carries no traffic.
 */
final class IntrospectionResource {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final IntrospectionServers servers;

    private IntrospectionResource(IntrospectionServers servers) {
        this.servers = servers;
    }

    /** The resources below {@code /introspection}. */
    static Router routes(IntrospectionServers servers) {
        IntrospectionResource resource = new IntrospectionResource(servers);
        return new Router()
                .on(HttpMethod.GET, "/introspection", resource::state)
                .on(HttpMethod.POST, "/introspection/purge", resource::purge);
    }

    private void state(Call call) {
        List<Map<String, Object>> states =
                servers.states().stream().map(this::facts).toList();
        call.reply(200, Call.JSON, Json.bytes(Map.of("servers", states)));
    }

    private void purge(Call call) {
        Wish wish = Wish.read(call.body());
        if (wish == null) {
            call.refuse(400, "expected one of token, sub, client_id, jti, sid, server, all; a claim may add server");
            return;
        }
        int removed = switch (wish.kind()) {
            case "token" -> servers.purgeToken(wish.value());
            case "server" -> servers.purgeServer(wish.value());
            case "all" -> servers.purgeAll();
            default -> servers.purgeClaim(wish.kind(), wish.value(), wish.server());
        };
        call.reply(200, Call.JSON, Json.bytes(Map.of("removed", removed)));
    }

    private Map<String, Object> facts(AuthorizationServer.State state) {
        ServerMeters.Totals totals = state.totals();
        Map<String, Object> calls = new LinkedHashMap<>();
        totals.calls().forEach((outcome, count) -> calls.put(outcome.name().toLowerCase(Locale.ROOT), count));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("server", state.server());
        facts.put("breaker", state.breaker());
        facts.put("in_flight", state.inFlight());
        facts.put("queued", state.queued());
        facts.put("calls", totals.all());
        facts.put("errors", totals.errors());
        facts.put("outcomes", calls);
        facts.put("latency_ms", Map.of("mean", rounded(totals.meanMillis()), "max", rounded(totals.maxMillis())));
        facts.put("entries", state.entries());
        facts.put("bytes", state.bytes());
        facts.put("negative_entries", state.inactiveEntries());
        facts.put("hit_ratio", number(totals.hitRatio(), "none"));
        facts.put("revocation_delay_s", number(servers.revocationDelay(state.server()), "unbounded"));
        if (state.issuer() != null) {
            facts.put("issuer", state.issuer());
        }
        facts.put(
                "endpoints",
                state.endpoints().stream().map(IntrospectionResource::facts).toList());
        return facts;
    }

    private static Map<String, Object> facts(AuthorizationServer.EndpointState state) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("endpoint", state.endpoint());
        if (state.url() != null) {
            facts.put("url", state.url());
        }
        facts.put("breaker", state.breaker());
        facts.put("in_flight", state.inFlight());
        facts.put("queued", state.queued());
        return facts;
    }

    /** JSON has neither infinity nor the result of zero looks. */
    private static Object number(double value, String otherwise) {
        return Double.isFinite(value) ? (Object) rounded(value) : otherwise;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1000) / 1000;
    }

    /** What to forget. Its value may be a token, so it has no text form. */
    private static final class Wish {
        private static final String SERVER = "server";
        private static final Set<String> CLAIMS = Set.of("sub", "client_id", "jti", "sid");

        private final String kind;
        private final String value;
        private final @Nullable String server;

        private Wish(String kind, String value, @Nullable String server) {
            this.kind = kind;
            this.value = value;
            this.server = server;
        }

        String kind() {
            return kind;
        }

        String value() {
            return value;
        }

        /** The only server that is meant; null = all. */
        @Nullable
        String server() {
            return server;
        }

        /** Null unless the body is a JSON object with exactly one thing to forget, known and well-typed. */
        static @Nullable Wish read(byte[] body) {
            Map<String, String> members = new LinkedHashMap<>();
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    return null;
                }
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    JsonToken type = json.nextToken();
                    String value = type == JsonToken.VALUE_STRING ? json.getString() : "";
                    boolean usable = name.equals("all") ? type == JsonToken.VALUE_TRUE : !value.isEmpty();
                    if (!usable) {
                        return null;
                    }
                    members.put(name, value);
                }
                boolean whole = json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
                return whole ? of(members) : null;
            } catch (JacksonException malformed) {
                return null;
            }
        }

        private static @Nullable Wish of(Map<String, String> members) {
            Map<String, String> selectors = new LinkedHashMap<>(members);
            String server = members.size() > 1 ? selectors.remove(SERVER) : null;
            if (selectors.size() != 1) {
                return null;
            }
            Map.Entry<String, String> only = selectors.entrySet().iterator().next();
            boolean claim = CLAIMS.contains(only.getKey());
            boolean known = claim || Set.of("token", SERVER, "all").contains(only.getKey());
            return known && (claim || server == null) ? new Wish(only.getKey(), only.getValue(), server) : null;
        }
    }
}
