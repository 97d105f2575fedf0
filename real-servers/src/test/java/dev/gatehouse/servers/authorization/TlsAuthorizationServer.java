package dev.gatehouse.servers.authorization;

import java.net.URI;

/** An authorization server that also listens for TLS, asks for client certificates there and binds tokens to them. */
public interface TlsAuthorizationServer extends AuthorizationServer {
    /** A client whose tokens are bound to its certificate, when it gets them at the {@link #tls()} endpoints. */
    ClientCredentials certificateApp();

    TlsEndpoints tls();

    /** Endpoints behind TLS. */
    record TlsEndpoints(URI issuer, URI token, URI introspection) {}
}
