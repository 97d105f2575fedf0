package dev.gatehouse.policies.introspect;

import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Limits;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.State;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Surroundings;
import dev.gatehouse.policies.introspect.server.EndpointSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The authorization servers of the running gateway, for those who operate it: what is known about them, and how to
 * make the gateway forget answers. Shared under {@link Key}; safe on any thread. Purges take time for each entry
 * that goes and are not for the event loop of a client.
 */
public final class IntrospectionServers {
    /** Under this key the gateway shares the one instance; see {@code PolicyContext.shared}. */
    public record Key() {}

    private final Map<String, AuthorizationServer> servers = new ConcurrentSkipListMap<>();
    private final RevocationDelays revocationDelays = new RevocationDelays();

    /** Every server in the order of their names. */
    public List<State> states() {
        return servers.values().stream().map(AuthorizationServer::state).toList();
    }

    /** Longest time in seconds for which a revoked token of a server still passes; infinite when nothing bounds it. */
    public double revocationDelay(String alias) {
        return revocationDelays.longestOf(alias);
    }

    /** Forgets a token everywhere. Returns the number of entries that went, as all purges do. */
    public int purgeToken(String token) {
        boolean possible = !token.isEmpty() && token.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return possible ? purge(server -> server.purgeToken(token)) : 0;
    }

    /**
     * Forgets the tokens with a claim: {@code sub}, {@code client_id}, {@code jti} or {@code sid}.
     *
     * @param alias only those of this server; null = of all
     */
    public int purgeClaim(String claim, String value, @Nullable String alias) {
        if (alias == null) {
            return purge(server -> server.purgeClaim(claim, value));
        }
        AuthorizationServer server = servers.get(alias);
        return server == null ? 0 : server.purgeClaim(claim, value);
    }

    /** Forgets everything from one server, named as in {@link State#server()}. */
    public int purgeServer(String alias) {
        AuthorizationServer server = servers.get(alias);
        return server == null ? 0 : server.purgeAll();
    }

    /** Forgets everything. */
    public int purgeAll() {
        return purge(AuthorizationServer::purgeAll);
    }

    /** Opens a server and lists it until it is closed. */
    AuthorizationServer open(EndpointSet endpoints, Limits limits, Surroundings around) {
        String base = endpoints.name();
        synchronized (servers) { // start-up only: two servers must not take one name
            String alias = base;
            for (int i = 2; servers.containsKey(alias); i++) {
                alias = base + '#' + i;
            }
            String name = alias;
            AuthorizationServer server =
                    AuthorizationServer.open(name, endpoints, limits, around, () -> servers.remove(name));
            servers.put(name, server);
            return server;
        }
    }

    /** How long a revoked token can pass in each pipeline. */
    RevocationDelays revocationDelays() {
        return revocationDelays;
    }

    private int purge(ToIntFunction<AuthorizationServer> action) {
        return servers.values().stream().mapToInt(action).sum();
    }
}
