package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the gateway is known at the authorization server. Which options there are depends on the method. */
public record ClientAuthOptions(
        @Doc("'client_secret_basic', 'client_secret_post', 'bearer', 'private_key_jwt', 'tls_client_auth' or"
                + " 'self_signed_tls_client_auth'.")
        String method,

        @Doc("Client id of the gateway at the authorization server.") @Nullable
        String clientId,

        @Doc("Its secret.") @Nullable Secret clientSecret,

        @Doc("Of 'bearer': an access token that was made for the gateway.") @Nullable
        Secret token,

        @Doc("Of 'bearer': where the gateway fetches its own token with client id and secret.") @Nullable
        URI tokenEndpoint,

        @Doc("Scope that is asked for at tokenEndpoint.") @Nullable
        String scope,

        @Doc("File of the private key: PEM, or a JWK for 'private_key_jwt'.") @Nullable
        Path key,

        @Doc("Of the TLS methods: PEM file of the certificate, or PKCS #12 file of certificate and key.") @Nullable
        Path certificate,

        @Doc("Opens the key when it is encrypted.") @Nullable
        Secret passphrase,

        @Doc("Of 'private_key_jwt': name of the key; absent = that of the JWK.") @Nullable
        String kid,

        @Doc("Of 'private_key_jwt': algorithm; absent = that of the JWK, PS256 for RSA, that of the curve for EC.")
        @Nullable
        String alg,

        @Doc("Of 'private_key_jwt': whom assertions are for; absent = the issuer when known, else the endpoint.")
        @Nullable
        String audience) {
    public static final String BASIC = "client_secret_basic";
    public static final String POST = "client_secret_post";
    public static final String BEARER = "bearer";
    public static final String PRIVATE_KEY_JWT = "private_key_jwt";
    public static final String TLS = "tls_client_auth";
    public static final String SELF_SIGNED_TLS = "self_signed_tls_client_auth";

    private static final List<String> WITH_SECRET = List.of("clientId", "clientSecret");
    private static final List<String> OWN_TOKEN = List.of("tokenEndpoint", "clientId", "clientSecret", "scope");

    public ClientAuthOptions {
        Ranges.oneOf("method", method, BASIC, POST, BEARER, PRIVATE_KEY_JWT, TLS, SELF_SIGNED_TLS);
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("clientId", clientId);
        given.put("clientSecret", clientSecret);
        given.put("token", token);
        given.put("tokenEndpoint", tokenEndpoint);
        given.put("scope", scope);
        given.put("key", key);
        given.put("certificate", certificate);
        given.put("passphrase", passphrase);
        given.put("kid", kid);
        given.put("alg", alg);
        given.put("audience", audience);
        given.forEach(ClientAuthOptions::refuseEmpty);
        given.values().removeIf(value -> value == null);
        check(method, given.keySet());
        if (token != null && !token.reveal().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("token: holds a blank or another character that no token may have");
        }
        if (tokenEndpoint != null) {
            Ranges.endpoint("tokenEndpoint", tokenEndpoint);
        }
    }

    /** Whether the certificate of the TLS connection is the credential. */
    public boolean isTls() {
        return method.equals(TLS) || method.equals(SELF_SIGNED_TLS);
    }

    private static void check(String method, Set<String> given) {
        switch (method) {
            case BEARER -> {
                boolean fixed = given.contains("token");
                if (fixed && given.contains("tokenEndpoint")) {
                    throw new IllegalArgumentException("token: cannot be combined with tokenEndpoint");
                }
                require(method, given, fixed ? List.of("token") : OWN_TOKEN.subList(0, 3));
                allow(method, given, fixed ? List.of("token") : OWN_TOKEN);
            }
            case PRIVATE_KEY_JWT -> {
                require(method, given, List.of("clientId", "key"));
                allow(method, given, List.of("clientId", "key", "passphrase", "kid", "alg", "audience"));
            }
            case TLS, SELF_SIGNED_TLS -> {
                require(method, given, List.of("clientId", "certificate"));
                allow(method, given, List.of("clientId", "certificate", "key", "passphrase"));
            }
            default -> {
                require(method, given, WITH_SECRET);
                allow(method, given, WITH_SECRET);
            }
        }
    }

    private static void require(String method, Set<String> given, List<String> needed) {
        for (String key : needed) {
            if (!given.contains(key)) {
                throw new IllegalArgumentException(key + ": missing (method '" + method + "' needs it)");
            }
        }
    }

    private static void allow(String method, Set<String> given, List<String> allowed) {
        for (String key : given) {
            if (!allowed.contains(key)) {
                throw new IllegalArgumentException(key + ": is no option of method '" + method + "' (expected: "
                        + String.join(", ", allowed) + ")");
            }
        }
    }

    private static void refuseEmpty(String key, @Nullable Object value) {
        String text = value instanceof Secret secret ? secret.reveal() : value instanceof String plain ? plain : "-";
        if (text.isEmpty()) {
            throw new IllegalArgumentException(key + ": empty (expected: a text)");
        }
    }
}
