package dev.gatehouse.servers.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.authorization.TlsAuthorizationServer;
import dev.gatehouse.tls.PemFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What has to hold with servers that bind tokens to certificates (RFC 8705); their pipeline is {@code bound}. */
abstract class CertificateContract<S extends TlsAuthorizationServer> extends IntrospectionContract<S> {
    @Test
    void refusesATokenThatIsBoundToACertificateWithoutThatCertificate() {
        PemFixture.Pair own = here().certificates().issue("alice");
        PemFixture.Pair other = here().certificates().issue("mallory");
        String token = boundToken(own);

        assertThat(ask(own, token).status()).isEqualTo(200);
        assertThat(ask(other, token).status()).isEqualTo(401);
        assertThat(ask(null, token).status()).isEqualTo(401);
        Answer withoutTls = get("/bound", token);
        assertThat(withoutTls.status()).isEqualTo(401);
        assertThat(withoutTls.challenges()).anyMatch(challenge -> challenge.contains("error=\"invalid_token\""));
    }

    private String boundToken(PemFixture.Pair own) {
        return here().client().token(tls(own), server().tls().token(), server().certificateApp(), READ);
    }

    private Answer ask(PemFixture.@Nullable Pair own, String token) {
        return tls(own).get(gateway().https("/bound"), "Authorization", "Bearer " + token);
    }
}
