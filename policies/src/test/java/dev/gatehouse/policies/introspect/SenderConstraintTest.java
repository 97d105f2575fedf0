package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.policies.introspect.refusal.Denial;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderConstraintTest {
    /** SHA-256 of client.pem in DER, computed with openssl. */
    private static final String HASH = "AQmX0fT9tuy_l_WMcb3qPU6Svy1FCa0Z6TFngfpUeN4";

    private final ContextFixture context = new ContextFixture();

    private static Peer peer(@Nullable String certificate) throws Exception {
        return new Peer(
                InetSocketAddress.createUnresolved("127.0.0.1", 1),
                InetSocketAddress.createUnresolved("127.0.0.1", 2),
                true,
                certificate == null ? null : certificate(certificate),
                false);
    }

    private static X509Certificate certificate(String name) throws Exception {
        try (InputStream pem = Objects.requireNonNull(
                SenderConstraintTest.class.getResourceAsStream("/introspect/" + name + ".pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private @Nullable Denial outcome(String options, String cnf, @Nullable String certificate) throws Exception {
        context.endpoint.token("t", "{\"active\":true" + cnf.replace("HASH", HASH) + "}");
        var exchange = ExchangeFixture.get("/")
                .bearer("t")
                .peer(peer(certificate))
                .run(context.policy("senderConstraint: {" + options + "}"));
        if (exchange.reply() == null) {
            return null;
        }
        return Denial.valueOf(Objects.requireNonNull(exchange.auth().reason()).toUpperCase(java.util.Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\"}|client",
                "mtls: required|,\"cnf\":{\"x5t#S256\":\"HASH\"}|client",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\",\"foo\":1}|client",
                "mtls: off|,\"cnf\":{\"x5t#S256\":\"HASH\"}|",
                "mtls: auto|''|",
                "dpop: off|,\"cnf\":{\"jkt\":\"k\"}|",
                "unknownConfirmation: ignore|,\"cnf\":{\"foo\":1}|",
            })
    void passesWithTheRightKey(String options, String cnf, @Nullable String certificate) throws Exception {
        assertThat(outcome(options, cnf.equals("''") ? "" : cnf, certificate)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\"}||MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\"}|other|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH=\"}|client|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"\"}|client|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":7}|client|MTLS",
                "mtls: auto|,\"cnf\":{\"x5t#S256\":\"HASH\",\"jkt\":\"k\"}|client|DPOP",
                "mtls: auto|,\"cnf\":{\"jkt\":\"k\"}|client|DPOP",
                "mtls: auto|,\"cnf\":{\"jkt\":7}|client|DPOP",
                "mtls: auto|,\"cnf\":{\"foo\":1}|client|MTLS",
                "mtls: required|,\"x\":1|client|MTLS",
                "'mtls: required, dpop: off'|,\"cnf\":{\"jkt\":\"k\"}|client|MTLS",
            })
    void refusesWithoutTheRightKey(String options, String cnf, @Nullable String certificate, Denial denial)
            throws Exception {
        assertThat(outcome(options.replace("'", ""), cnf, certificate)).isEqualTo(denial);
    }
}
