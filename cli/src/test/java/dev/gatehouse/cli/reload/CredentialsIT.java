package dev.gatehouse.cli.reload;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.cli.reload.ServerWithKeys.Received;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.upstream.ScriptedPeer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway that must show who it is to an authorization server, and whose secrets change while it runs. */
@Timeout(60)
final class CredentialsIT {
    @TempDir
    private Path folder;

    private PemFixture files;
    private ServerWithKeys server;
    private @Nullable Prepared prepared;
    private @Nullable AccessLog accessLog;
    private @Nullable Reloader reloader;
    private long nanos = 77;
    private int port;
    private int tokens;

    @BeforeEach
    void listen() throws Exception {
        files = new PemFixture(folder);
        server = ServerWithKeys.start(files.issue("127.0.0.1"), files.ca());
    }

    @AfterEach
    void close() {
        if (prepared != null) {
            prepared.close();
        }
        if (accessLog != null) {
            accessLog.close();
        }
        server.close();
    }

    @Test
    void showsItsCertificateAndTheRenewedOneInTheNextCall() throws Exception {
        PemFixture.Pair own = files.issue("gateway.test");
        server.wantsCertificates();
        start("clientAuth: {method: tls_client_auth, clientId: gateway, certificate: '" + own.cert() + "', key: '"
                + own.key() + "'}");

        assertThat(ask()).isEqualTo(200);
        assertThat(ask()).isEqualTo(200);
        assertThat(server.received()).extracting(Received::certificate).containsOnly("CN=gateway.test");
        assertThat(server.last().form()).containsEntry("client_id", List.of("gateway"));
        assertThat(server.last().authorization()).isNull();

        PemFixture.Pair renewed = files.issue("renewed.test");
        Files.copy(renewed.cert(), own.cert(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(renewed.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
        settle();

        assertThat(ask()).isEqualTo(200);
        assertThat(server.last().certificate()).isEqualTo("CN=renewed.test");
        assertThat(requireNonNull(reloader).standing().number()).isEqualTo(1);
    }

    @Test
    void showsTheCertificateOfAPkcs12File() throws Exception {
        Path store = files.pkcs12(files.issue("gateway.test"), "p4ss");
        server.wantsCertificates();
        start("clientAuth: {method: self_signed_tls_client_auth, clientId: gateway, certificate: '" + store
                + "', passphrase: p4ss}");

        assertThat(ask()).isEqualTo(200);
        assertThat(server.last().certificate()).isEqualTo("CN=gateway.test");
    }

    @Test
    void refusesWhenTheServerWantsACertificateThatThereIsNot() throws Exception {
        server.wantsCertificates();
        start("clientAuth: {method: client_secret_basic, clientId: gateway, clientSecret: s}");

        assertThat(ask()).isEqualTo(503);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void sendsTheNewSecretAfterItsFileChanged() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "o:l%d&\n");
        start("clientAuth: {method: client_secret_basic, clientId: gateway, clientSecret: {file: secret}}");
        assertThat(ask()).isEqualTo(200);
        assertThat(basic()).isEqualTo("gateway:o%3Al%25d%26");

        Files.writeString(secret, "new\n");
        settle();

        assertThat(ask()).isEqualTo(200);
        assertThat(basic()).isEqualTo("gateway:new");
    }

    @Test
    void keepsTheLastGoodSecretWhenItsFileIsEmptyOrGone() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "old");
        start("clientAuth: {method: client_secret_post, clientId: gateway, clientSecret: {file: secret}}");

        Files.writeString(secret, "");
        settle();
        assertThat(ask()).isEqualTo(200);
        assertThat(server.last().form()).containsEntry("client_secret", List.of("old"));
        assertThat(requireNonNull(requireNonNull(reloader).standing().refused()).problems())
                .extracting(problem -> problem.code())
                .contains("E0106");

        Files.delete(secret);
        settle();
        assertThat(ask()).isEqualTo(200);
        assertThat(server.last().form()).containsEntry("client_secret", List.of("old"));

        Files.writeString(secret, "new");
        settle();
        assertThat(ask()).isEqualTo(200);
        assertThat(server.last().form()).containsEntry("client_secret", List.of("new"));
    }

    @Test
    void signsWithTheNewKeyAfterItsFileChanged() throws Exception {
        PemFixture.Pair first = files.issue("a.test");
        PemFixture.Pair second = files.issue("b.test");
        start("clientAuth: {method: private_key_jwt, clientId: gateway, key: '" + first.key() + "'}");
        assertThat(ask()).isEqualTo(200);
        assertThat(assertion().verify(verifier(first))).isTrue();
        assertThat(assertion().getJWTClaimsSet().getAudience()).containsExactly(server.endpoint());
        String id = assertion().getJWTClaimsSet().getJWTID();

        assertThat(ask()).isEqualTo(200);
        assertThat(assertion().getJWTClaimsSet().getJWTID()).isNotEqualTo(id);

        Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
        settle();
        assertThat(ask()).isEqualTo(200);
        assertThat(assertion().verify(verifier(second))).isTrue();
    }

    @Test
    void fetchesItsOwnTokenAndAnotherOneWhenItIsRefused() throws Exception {
        start("clientAuth: {method: bearer, tokenEndpoint: '" + server.tokenEndpoint()
                + "', clientId: gateway, clientSecret: s}");
        assertThat(ask()).isEqualTo(200);
        assertThat(ask()).isEqualTo(200);
        assertThat(server.granted()).isEqualTo(1);

        server.forgetsTokens();
        assertThat(ask()).isEqualTo(200);
        assertThat(server.granted()).isEqualTo(2);
        assertThat(server.last().authorization()).isEqualTo("Bearer own-2");
    }

    @Test
    void goesThroughTheConfiguredProxy() throws Exception {
        try (ScriptedPeer proxy = ScriptedPeer.start()) {
            proxy.script(
                    ScriptedPeer.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
                            + "{\"active\":true}"));
            start(
                    "proxy: 'http://u:p@127.0.0.1:" + proxy.port() + "'\nauthorization_value: x",
                    "http://as.test/introspect");

            assertThat(ask()).isEqualTo(200);
            assertThat(proxy.requests().get(0))
                    .startsWith("POST http://as.test/introspect HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nproxy-authorization: Basic ")
                    .containsIgnoringCase("\r\nhost: as.test\r\n");
        }
    }

    private static ECDSAVerifier verifier(PemFixture.Pair pair) throws Exception {
        return new ECDSAVerifier((ECPublicKey) pair.bundle().getKeyPair().getPublic());
    }

    private SignedJWT assertion() throws Exception {
        return SignedJWT.parse(server.last().form().get("client_assertion").get(0));
    }

    private String basic() {
        String value = requireNonNull(server.last().authorization()).substring("Basic ".length());
        return new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
    }

    /** The status for a token that nobody knows yet. */
    private int ask() throws Exception {
        try (RawClient client = new RawClient(port)) {
            return client.send("GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer token-" + tokens++ + "\r\n\r\n")
                    .read()
                    .status();
        }
    }

    /** Gives the reloader the time in which it takes a change as final. */
    private void settle() {
        for (long millis : List.of(0L, 250L, 750L, 2_000L)) {
            nanos += TimeUnit.MILLISECONDS.toNanos(millis);
            requireNonNull(reloader).look();
        }
    }

    private void start(String options) throws Exception {
        start(options, server.endpoint());
    }

    private void start(String options, String endpoint) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.config.yml"), config(options, endpoint));
        Prepared built = Prepared.of(new Prepared.Source(file, Map.of(), false, false, null));
        prepared = built;
        Gateway gateway = requireNonNull(built.gateway(), built.problems().all()::toString);
        accessLog = AccessLog.open(
                new AccessOptions(LogConfig.Access.OFF, true, false, false, ""), lines -> {}, built.meters());
        reloader = new Reloader(built.origin(), gateway, built.meters(), () -> Instant.EPOCH, () -> nanos);
        port = gateway.start(accessLog).get(0).address().getPort();
    }

    private String config(String options, String endpoint) {
        String step = ("endpoint: " + endpoint + "\ntls: {ca: ['" + files.ca() + "']}\n" + options).indent(12);
        return """
                http: {port: 0, hostname: 127.0.0.1}
                apiEndpoints:
                  a: {host: '*', paths: /a}
                policies: [oauth2-introspect, terminate]
                pipelines:
                  p:
                    apiEndpoints: [a]
                    policies:
                      - oauth2-introspect:
                        - action:
                """ + step + "      - terminate: {action: {statusCode: 200, message: ok}}\n";
    }
}
