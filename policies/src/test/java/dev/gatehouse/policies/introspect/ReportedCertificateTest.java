package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that a proxy in front of the gateway reports (RFC 9440). */
class ReportedCertificateTest {
    private static final String PROXY = "10.1.2.3";

    private final ContextFixture context = new ContextFixture();

    @BeforeEach
    void bindTheToken() {
        context.endpoint.token("t", "{\"active\":true,\"cnf\":{\"x5t#S256\":\"" + CertificateFixture.HASH + "\"}}");
    }

    private ExchangeFixture run(String header, ExchangeFixture exchange) {
        var policy = context.policy(
                "senderConstraint: {mtls: {certificateHeader: " + header + ", trustedProxies: [10.0.0.0/8, '::1']}}");
        return exchange.bearer("t")
                .owned(context.ownedHeaders.toArray(String[]::new))
                .run(policy);
    }

    private static ExchangeFixture from(String address) {
        return ExchangeFixture.get("/").peer(CertificateFixture.proxy(address));
    }

    private static String sequence(String name) {
        return ':' + CertificateFixture.base64(name) + ':';
    }

    private static String escaped(String pem) {
        return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
    }

    @ParameterizedTest
    @ValueSource(strings = {PROXY, "::1"})
    void believesTheStandardFieldOfATrustedProxy(String address) {
        ExchangeFixture exchange = run("Client-Cert", from(address).header("client-cert", sequence("client")));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.request().headers().contains("client-cert")).isFalse();
    }

    @Test
    void believesEscapedPemOfATrustedProxy() {
        ExchangeFixture exchange =
                run("X-SSL-Cert", from(PROXY).header("X-SSL-Cert", escaped(CertificateFixture.pem("client"))));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.request().headers().contains("x-ssl-cert")).isFalse();
    }

    /** Some proxies escape only what a header cannot hold, so a plus of Base64 comes as it is. */
    @Test
    void readsAPlusAsAPlus() {
        String pem =
                escaped(CertificateFixture.pem("client")).replace("%2B", "+").replace("%2F", "/");

        assertThat(run("X-SSL-Cert", from(PROXY).header("X-SSL-Cert", pem)).hasRunOut())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, client-cert", "11.0.0.1, Client-Cert", "::2, CLIENT-CERT"})
    void refusesTheFieldOfAnybodyElse(String address, String name) {
        ExchangeFixture exchange = run("Client-Cert", from(address).header(name, sequence("client")));

        assertThat(exchange.auth().reason()).isEqualTo("mtls");
        assertThat(exchange.request().headers().contains(name)).isFalse();
    }

    @Test
    void refusesAnotherSpellingOfTheName() {
        ExchangeFixture exchange = run("Client-Cert", from(PROXY).header("client_cert", sequence("client")));

        assertThat(exchange.auth().reason()).isEqualTo("mtls");
        assertThat(exchange.request().headers().contains("client_cert")).isFalse();
    }

    @Test
    void removesTheChainToo() {
        ExchangeFixture exchange = run("client-cert", from(PROXY).header("Client-Cert-Chain", sequence("other")));

        assertThat(exchange.request().headers().contains("client-cert-chain")).isFalse();
    }

    /** The certificate on the connection is that of the proxy; a token that is bound to it was not given to the client. */
    @Test
    void refusesTheCertificateOfTheProxyItself() {
        context.endpoint.token("t", "{\"active\":true,\"cnf\":{\"x5t#S256\":\"" + hash("other") + "\"}}");

        assertThat(run("Client-Cert", from(PROXY)).auth().reason()).isEqualTo("mtls");
        assertThat(run("Client-Cert", from("192.0.2.1")).hasRunOut())
                .as("a client that connects without a proxy")
                .isTrue();
    }

    private static String hash(String name) {
        try {
            byte[] der = java.util.Base64.getDecoder().decode(CertificateFixture.base64(name));
            byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(der);
            return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", "::", ":AA", "AA:", ":A:", ":*:", ":AAAA:", "CERT", ":CERT:, :CERT:", ":CERT:;a=1"})
    void refusesWhatIsNoByteSequence(String value) {
        String text = value.replace("CERT", CertificateFixture.base64("client"));

        assertThat(run("Client-Cert", from(PROXY).header("Client-Cert", text))
                        .auth()
                        .reason())
                .isEqualTo("mtls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "%4", "%zz", "%ff", "BEGIN", "BEGIN*END", "BEGINEND", "PEMPEM", "PEMx", "CERT"})
    void refusesWhatIsNoPem(String value) {
        String text = value.replace("BEGIN", "-----BEGIN CERTIFICATE-----")
                .replace("END", "-----END CERTIFICATE-----")
                .replace("PEM", escaped(CertificateFixture.pem("client")))
                .replace("CERT", CertificateFixture.base64("client"));

        assertThat(run("X-SSL-Cert", from(PROXY).header("X-SSL-Cert", text))
                        .auth()
                        .reason())
                .isEqualTo("mtls");
    }

    @Test
    void refusesTwoFields() {
        ExchangeFixture exchange =
                from(PROXY).header("client-cert", sequence("client")).header("client-cert", sequence("client"));

        assertThat(run("Client-Cert", exchange).auth().reason()).isEqualTo("mtls");
    }

    @Test
    void refusesTheCertificateOfSomebodyElse() {
        assertThat(run("Client-Cert", from(PROXY).header("client-cert", sequence("other")))
                        .auth()
                        .reason())
                .isEqualTo("mtls");
    }
}
