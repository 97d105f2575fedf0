package dev.gatehouse.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PASSWORD",
                "db_password",
                "passwd",
                "passphrase",
                "secret",
                "client_secret",
                "clientSecret",
                "token",
                "accessToken",
                "authorization_value",
                "authorisation_value",
                "Authorization",
                "cipherKey",
                "auth",
                "apiKey",
                "x-api-key",
                "private-key",
                "credentials",
                "secretOrPrivateKey",
                "pasword",
                "Cookie",
                "sercet"
            })
    void hidesTheValueOf(String name) {
        assertThat(SecretNames.matches(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port", "url", "serviceEndpoint", "key-auth", "basic-auth", "authenticated", "tokenType",
                        "token_endpoint",
                "client_secret_file", "tokenHeader", "token_type_hint", "key", "paths", "author", "scopes", "ttl"
            })
    void showsTheValueOf(String name) {
        assertThat(SecretNames.matches(name)).isFalse();
    }
}
