package dev.gatehouse.policies.introspect;

import dev.gatehouse.policies.introspect.credentials.ClientAuthentication;
import dev.gatehouse.policies.introspect.credentials.Credentials;
import dev.gatehouse.policies.introspect.credentials.Presented;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The parameters that a method of client authentication adds to a body. */
final class CredentialsForm {
    private CredentialsForm() {}

    static Map<String, List<String>> of(ClientAuthentication authentication) {
        Presented presented = authentication
                .present(Duration.ofSeconds(10))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        String form = Objects.requireNonNull(((Credentials) presented).form()).reveal();
        return new QueryStringDecoder(form.substring(1), false).parameters();
    }
}
