package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Secret;

/** Client authentication by an id and a secret. */
public record ClientAuthOptions(
        @Doc("How id and secret are sent: 'client_secret_basic' or 'client_secret_post'.")
        String method,

        @Doc("Client id of the gateway at the authorization server.")
        String clientId,

        @Doc("Its secret.") Secret clientSecret) {
    public static final String BASIC = "client_secret_basic";
    public static final String POST = "client_secret_post";

    public ClientAuthOptions {
        Ranges.oneOf("method", method, BASIC, POST);
        if (clientId.isEmpty()) {
            throw new IllegalArgumentException("clientId: \"\" (expected: a client id)");
        }
        if (clientSecret.reveal().isEmpty()) {
            throw new IllegalArgumentException("clientSecret: empty (expected: a secret)");
        }
    }
}
