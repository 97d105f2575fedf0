package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which reason is given when a token fails several checks: the first in the order of the specification. */
class CheckOrderTest {
    private static final long NOW = TimeFixture.START_SECONDS;

    /** A policy that checks everything. */
    private static final String EVERYTHING = """
            claims: {issuer: https://as, audience: api, tokenType: Bearer, required: {tenant: acme}}
            senderConstraint: {mtls: required}
            stepUp: {acrValues: gold}
            scopes: {required: [read]}
            """;

    /** What makes the checks pass, in their order: a token that has the first n of these fails the next check. */
    private static final List<String> MEMBERS = List.of(
            "\"active\":true",
            "\"exp\":" + (NOW + 600),
            "\"nbf\":" + NOW,
            "\"iss\":\"https://as\"",
            "\"aud\":\"api\"",
            "\"token_type\":\"bearer\"",
            "\"tenant\":\"acme\"",
            // SHA-256 of client.pem in DER, computed with openssl.
            "\"cnf\":{\"x5t#S256\":\"AQmX0fT9tuy_l_WMcb3qPU6Svy1FCa0Z6TFngfpUeN4\"}",
            "\"acr\":\"gold\"",
            "\"scope\":\"read\"");

    /** What stands in an answer for a check that is to fail. */
    private static final List<String> WRONG = List.of(
            "\"active\":false",
            "\"exp\":" + (NOW - 600),
            "\"nbf\":" + (NOW + 600),
            "\"iss\":\"https://other\"",
            "\"aud\":\"other\"",
            "\"token_type\":\"mac\"",
            "\"tenant\":\"other\"",
            "\"cnf\":{\"x5t#S256\":\"other\"}",
            "\"acr\":\"tin\"",
            "\"scope\":\"other\"");

    private final ContextFixture context = new ContextFixture();

    private static Peer peer() throws Exception {
        try (InputStream pem =
                Objects.requireNonNull(CheckOrderTest.class.getResourceAsStream("/introspect/client.pem"))) {
            return new Peer(
                    InetSocketAddress.createUnresolved("127.0.0.1", 1),
                    InetSocketAddress.createUnresolved("127.0.0.1", 2),
                    true,
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem),
                    false);
        }
    }

    private ExchangeFixture run(int passed) throws Exception {
        List<String> members = new ArrayList<>(MEMBERS.subList(0, passed));
        members.addAll(WRONG.subList(passed, WRONG.size()));
        context.endpoint.token("t", "{" + String.join(",", members) + "}");
        return ExchangeFixture.get("/").bearer("t").peer(peer()).run(context.policy(EVERYTHING));
    }

    @ParameterizedTest
    @CsvSource({
        "0,401,inactive",
        "1,401,expired",
        "2,401,not_yet",
        "3,401,issuer",
        "4,401,audience",
        "5,401,type",
        "6,403,claims",
        "7,401,mtls",
        "8,401,stepup",
        "9,403,scope",
    })
    void refusesForTheFirstCheckThatFails(int passed, int status, String reason) throws Exception {
        ExchangeFixture exchange = run(passed);

        assertThat(exchange.auth().reason()).isEqualTo(reason);
        assertThat(Objects.requireNonNull(exchange.reply()).status()).isEqualTo(status);
    }

    @Test
    void passesWhenNoCheckFails() throws Exception {
        assertThat(run(MEMBERS.size()).hasRunOut()).isTrue();
    }
}
