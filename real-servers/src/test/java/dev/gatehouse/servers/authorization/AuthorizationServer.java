package dev.gatehouse.servers.authorization;

import dev.gatehouse.servers.Marks;
import java.net.URI;

/**
 * A running authorization server that knows the same clients in each make: {@link #gateway()} may introspect,
 * {@link #app()} gets tokens with the scopes {@code orders:read} and {@code orders:write}.
 */
public interface AuthorizationServer extends AutoCloseable {
    URI issuer();

    URI tokenEndpoint();

    URI introspectionEndpoint();

    URI revocationEndpoint();

    ClientCredentials gateway();

    ClientCredentials app();

    /** A client whose tokens are bound to the key of its DPoP proofs. */
    ClientCredentials dpopApp();

    /** Every secret that was configured into the server or that it gave out. */
    Marks marks();

    /** Ends the server without asking; nothing listens afterwards. */
    void kill();

    /** Ends it if need be, starts it at the same URLs and waits until it answers; it has forgotten all tokens. */
    void restart();

    @Override
    void close();

    /** Id and secret of a client. */
    record ClientCredentials(String id, String secret) {}
}
