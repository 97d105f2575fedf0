package dev.gatehouse.cli.run;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.LogConfig;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.tls.PemFixture;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Client certificates, from the file through a real handshake to the condition {@code tlsClientAuthenticated}. */
final class ClientCertificateIT {
    @TempDir
    private Path directory;

    private PemFixture files;
    private PemFixture strangers;

    @BeforeEach
    void makeAuthorities() throws IOException {
        files = new PemFixture(Files.createDirectory(directory.resolve("own")));
        strangers = new PemFixture(Files.createDirectory(directory.resolve("strangers")));
    }

    private interface Calls {
        void make(int port) throws Exception;
    }

    /** {@code *.strict.test} trusts the authority of the files, {@code default} the strangers'. */
    private void serve(String options, Calls calls) throws Exception {
        PemFixture.Pair own = files.issue("gateway.test");
        Path config = Files.writeString(directory.resolve("gateway.config.yml"), """
                https:
                  port: 0
                  hostname: 127.0.0.1
                  tls:
                    '*.strict.test': {key: %1$s, cert: %2$s, ca: [%3$s]}
                    default: {key: %1$s, cert: %2$s, ca: [%4$s]}
                  options: {%5$s}
                apiEndpoints: {api: {paths: '/*'}}
                policies: [terminate]
                pipelines:
                  main:
                    apiEndpoint: api
                    policies:
                      - terminate:
                          - condition: {name: tlsClientAuthenticated}
                            action: {statusCode: 200, message: known}
                          - action: {statusCode: 403, message: unknown}
                """.formatted(
                        own.key(), own.cert(), files.ca(), strangers.ca(), options));
        Prepared prepared = Prepared.of(new Prepared.Source(config, Map.of(), false, false, null));
        assertThat(prepared.problems().all()).isEmpty();
        Gateway gateway = Objects.requireNonNull(prepared.gateway());
        AccessOptions silent = new AccessOptions(LogConfig.Access.OFF, true, false, false, "");
        try (AccessLog log = AccessLog.open(silent, lines -> {}, prepared.meters())) {
            calls.make(gateway.start(log).get(0).address().getPort());
        } finally {
            prepared.close();
        }
    }

    /** Status line of the answer; throws when the handshake fails. */
    private static String get(int port, String name, PemFixture.@Nullable Pair own, String version) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(own), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            parameters.setProtocols(new String[] {version});
            socket.setSSLParameters(parameters);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            if (answer.isEmpty()) {
                throw new IOException("closed without an answer");
            }
            return answer.lines().findFirst().orElseThrow();
        }
    }

    private static KeyManager @Nullable [] keys(PemFixture.@Nullable Pair own) throws Exception {
        if (own == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "me",
                own.bundle().getKeyPair().getPrivate(),
                new char[0],
                own.bundle().getCertificatePath());
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void refusesStrangersAndClientsWithoutACertificateWhereOneIsRequired(String version) throws Exception {
        PemFixture.Pair alice = files.issue("alice");
        serve("requestCert: true", port -> {
            assertThat(get(port, "a.strict.test", alice, version)).contains(" 200 ");
            assertThatThrownBy(() -> get(port, "a.strict.test", null, version)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(port, "a.strict.test", strangers.issue("mallory"), version))
                    .isInstanceOf(IOException.class);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void leavesTheDecisionToTheConditionWhereOneIsOptional(String version) throws Exception {
        PemFixture.Pair alice = files.issue("alice");
        serve("requestCert: true, rejectUnauthorized: false", port -> {
            assertThat(get(port, "a.strict.test", alice, version)).contains(" 200 ");
            assertThat(get(port, "a.strict.test", null, version)).contains(" 403 ");
            assertThat(get(port, "a.strict.test", files.selfSigned("mallory"), version))
                    .contains(" 403 ");
        });
    }

    @Test
    void trustsOtherAuthoritiesUnderAnotherName() throws Exception {
        PemFixture.Pair alice = files.issue("alice");
        PemFixture.Pair bob = strangers.issue("bob");
        serve("requestCert: true, rejectUnauthorized: false", port -> {
            assertThat(get(port, "A.STRICT.TEST", alice, "TLSv1.3")).contains(" 200 ");
            assertThat(get(port, "other.test", bob, "TLSv1.3")).contains(" 200 ");
            assertThat(get(port, "other.test", alice, "TLSv1.3")).contains(" 403 ");
        });
    }

    @Test
    void knowsNobodyWhereNoCertificateIsAskedFor() throws Exception {
        PemFixture.Pair alice = files.issue("alice");
        serve(
                "minVersion: TLSv1.2",
                port -> assertThat(get(port, "a.strict.test", alice, "TLSv1.3")).contains(" 403 "));
    }
}
