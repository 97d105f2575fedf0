package dev.gatehouse.policies.introspect.credentials;

import dev.gatehouse.config.bind.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The methods whose credentials are the same in every request. Immutable. */
public final class FixedCredentials implements ClientAuthentication {
    private final String method;
    private final Credentials credentials;
    private final CompletionStage<Presented> presented;

    private FixedCredentials(String method, Credentials credentials) {
        this.method = method;
        this.credentials = credentials;
        this.presented = CompletableFuture.completedStage(credentials);
    }

    public static FixedCredentials none() {
        return new FixedCredentials("none", Credentials.NONE);
    }

    /** The value as configured, without any scheme added: what Express Gateway sends. */
    public static FixedCredentials verbatim(Secret value) {
        return new FixedCredentials("verbatim", new Credentials(value, null));
    }

    /** {@code client_secret_basic} of RFC 6749 section 2.3.1. */
    public static FixedCredentials basic(String id, Secret secret) {
        return new FixedCredentials("client_secret_basic", Credentials.basic(id, secret));
    }

    /** {@code client_secret_post} of RFC 6749 section 2.3.1. */
    public static FixedCredentials post(String id, Secret secret) {
        Credentials form = Credentials.form("client_id", id, "client_secret", secret.reveal());
        return new FixedCredentials("client_secret_post", form);
    }

    /** An access token that an administrator made for the gateway (RFC 7662 section 2.1). */
    public static FixedCredentials bearer(Secret token) {
        return new FixedCredentials("bearer", Credentials.header("Bearer " + token.reveal()));
    }

    /**
     * RFC 8705 section 2: the certificate of the TLS connection is the credential, the body says whose it is.
     *
     * @param method {@code tls_client_auth} or {@code self_signed_tls_client_auth}
     */
    public static FixedCredentials certificate(String method, String id) {
        return new FixedCredentials(method, Credentials.form("client_id", id));
    }

    @Override
    public List<@Nullable String> identity() {
        List<@Nullable String> parts = new ArrayList<>();
        parts.add(method);
        parts.add(credentials.header() == null ? null : credentials.header().reveal());
        parts.add(credentials.form() == null ? null : credentials.form().reveal());
        return parts;
    }

    @Override
    public CompletionStage<Presented> present(Duration within) {
        return presented;
    }

    @Override
    public boolean renew(Credentials refused) {
        return false;
    }
}
