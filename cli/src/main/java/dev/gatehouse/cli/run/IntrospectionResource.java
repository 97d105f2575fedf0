package dev.gatehouse.cli.run;

import dev.gatehouse.admin.Call;
import dev.gatehouse.admin.Router;
import dev.gatehouse.policies.introspect.IntrospectionServers;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                servers.states().stream().map(IntrospectionResource::facts).toList();
        call.reply(200, Call.JSON, Json.bytes(Map.of("servers", states)));
    }

    private void purge(Call call) {
        Wish wish = Wish.read(call.body());
        if (wish == null) {
            call.refuse(400, "expected one of token, sub, client_id, server, all");
            return;
        }
        int removed = switch (wish.kind()) {
            case "token" -> servers.purgeToken(wish.value());
            case "sub" -> servers.purgeSubject(wish.value());
            case "client_id" -> servers.purgeClient(wish.value());
            case "server" -> servers.purgeServer(wish.value());
            default -> servers.purgeAll();
        };
        call.reply(200, Call.JSON, Json.bytes(Map.of("removed", removed)));
    }

    private static Map<String, Object> facts(AuthorizationServer.State state) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("server", state.server());
        facts.put("breaker", state.breaker());
        facts.put("in_flight", state.inFlight());
        facts.put("queued", state.queued());
        facts.put("entries", state.entries());
        facts.put("negative_entries", state.inactiveEntries());
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

    /** What to forget: one member of the body. Its value may be a token, so it has no text form. */
    private static final class Wish {
        private static final List<String> KINDS = List.of("token", "sub", "client_id", "server");

        private final String kind;
        private final String value;

        private Wish(String kind, String value) {
            this.kind = kind;
            this.value = value;
        }

        String kind() {
            return kind;
        }

        String value() {
            return value;
        }

        /** Null unless the body is a JSON object with exactly one member that is known and well-typed. */
        static @Nullable Wish read(byte[] body) {
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
                if (json.nextToken() != JsonToken.START_OBJECT || json.nextToken() != JsonToken.PROPERTY_NAME) {
                    return null;
                }
                String kind = json.currentName();
                JsonToken type = json.nextToken();
                String value = type == JsonToken.VALUE_STRING ? json.getString() : "";
                boolean known =
                        kind.equals("all") ? type == JsonToken.VALUE_TRUE : KINDS.contains(kind) && !value.isEmpty();
                boolean alone = json.nextToken() == JsonToken.END_OBJECT && json.nextToken() == null;
                return known && alone ? new Wish(kind, value) : null;
            } catch (JacksonException malformed) {
                return null;
            }
        }
    }
}
