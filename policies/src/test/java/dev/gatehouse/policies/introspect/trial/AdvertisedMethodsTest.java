package dev.gatehouse.policies.introspect.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.Target;
import dev.gatehouse.policies.introspect.discovery.IssuerFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisedMethodsTest {
    private static final String METHODS =
            ",\"introspection_endpoint_auth_methods_supported\":[\"client_secret_post\",\"bearer\"]";

    private final IssuerFixture server = new IssuerFixture();
    private final AdvertisedMethods methods =
            new AdvertisedMethods(new Target("127.0.0.1", 8080, null), server, System::nanoTime);

    private List<String> of(String... issuers) {
        return methods.of(List.of(issuers)).toCompletableFuture().join();
    }

    private void publishes(String path, String issuer) {
        server.publishes(path, IssuerFixture.metadata(issuer, issuer + "/i", METHODS));
    }

    @Test
    void areThoseOfTheIssuer() {
        publishes("/.well-known/oauth-authorization-server/a", "http://127.0.0.1:8080/a");

        assertThat(of("http://127.0.0.1:8080/a")).containsExactly("client_secret_post", "bearer");
    }

    @Test
    void areThoseOfTheHostWhenNoIssuerTells() {
        publishes("/.well-known/openid-configuration", "http://127.0.0.1:8080");

        assertThat(of("http://127.0.0.1:8080/a")).containsExactly("client_secret_post", "bearer");
    }

    @Test
    void areNoneWhenNobodyTells() {
        assertThat(of("http://127.0.0.1:8080/a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://other.example.com/a",
                "http://127.0.0.1/a",
                "http://127.0.0.1:8081/a",
                "https://127.0.0.1:8080/a",
                "http://user@127.0.0.1:8080/a",
                "http://127.0.0.1:8080/a?b",
                "not a url",
                "",
            })
    void refusesToAskWhomTheTokenNames(String issuer) {
        assertThat(of(issuer)).isEmpty();

        assertThat(server.calls())
                .allSatisfy(call -> assertThat(call.target()).isEqualTo(new Target("127.0.0.1", 8080, null)));
        assertThat(server.paths())
                .containsExactly("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration");
    }
}
