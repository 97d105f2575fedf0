package dev.gatehouse.upstream;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static dev.gatehouse.upstream.UpstreamFixture.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.tls.TlsEngine;
import dev.gatehouse.tls.TlsProblem;
import dev.gatehouse.transport.Transport;
import dev.gatehouse.upstream.reach.UpstreamFault;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsToServiceIT {
    @TempDir
    private Path folder;

    private PemFixture files;
    private @Nullable ScriptedPeer peer;
    private @Nullable UpstreamFixture upstream;

    @BeforeEach
    void start() {
        files = new PemFixture(folder);
    }

    @AfterEach
    void stop() {
        if (upstream != null) {
            upstream.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    private ScriptedPeer serve(PemFixture.Pair pair, ClientAuth auth) throws SSLException {
        SslContext context = SslContextBuilder.forServer(
                        pair.bundle().getKeyPair().getPrivate(), pair.bundle().getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .trustManager(files.ca().toFile())
                .clientAuth(auth)
                .build();
        peer = ScriptedPeer.startTls(context);
        return peer;
    }

    private ScriptedPeer serve(PemFixture.Pair pair) throws SSLException {
        return serve(pair, ClientAuth.NONE);
    }

    private UpstreamFixture connect(TlsEngine engine) {
        upstream = new UpstreamFixture(UpstreamFixture.limits(), 1, engine, Transport.detect());
        return upstream;
    }

    private TlsSettings trusting(@Nullable String serverName) {
        return new TlsSettings(true, List.of(files.ca()), null, null, serverName);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void speaksToATrustedService(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.issue("127.0.0.1"));
        UpstreamFixture client = connect(engine);
        Target target = UpstreamFixture.at(service, trusting(null));

        assertThat(client.get(plan(target)).await().text()).isEqualTo("hello");
        assertThat(client.send(HttpMethod.POST, "x".repeat(100_000), plan(target))
                        .await()
                        .text())
                .isEqualTo("hello");

        assertThat(service.connections()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesACertificateOfAnUnknownAuthority(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.selfSigned("127.0.0.1"));

        UpstreamFault fault = connect(engine)
                .get(plan(UpstreamFixture.at(service, trusting(null))))
                .awaitFault();

        assertThat(fault).isEqualTo(UpstreamFault.TLS);
        assertThat(service.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesACertificateForAnotherName(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.issue("other.test"));
        ScriptedPeer unused = ScriptedPeer.start();

        UpstreamFault fault = connect(engine)
                .get(plan(UpstreamFixture.at(service, trusting(null)), UpstreamFixture.at(unused)))
                .awaitFault();

        assertThat(fault).isEqualTo(UpstreamFault.TLS);
        assertThat(service.requests()).isEmpty();
        assertThat(unused.requests()).isEmpty();
        unused.close();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void comparesTheCertificateWithTheConfiguredName(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.issue("other.test"));
        UpstreamFixture client = connect(engine);

        assertThat(client.get(plan(UpstreamFixture.at(service, trusting("other.test"))))
                        .await()
                        .status())
                .isEqualTo(200);
        assertThat(client.get(plan(UpstreamFixture.at(service, trusting("third.test"))))
                        .awaitFault())
                .isEqualTo(UpstreamFault.TLS);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void speaksToAnyServiceWhenVerificationIsSwitchedOff(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.selfSigned("other.test"));
        TlsSettings unverified = new TlsSettings(false, List.of(), null, null, null);

        assertThat(connect(engine)
                        .get(plan(UpstreamFixture.at(service, unverified)))
                        .await()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void showsItsOwnCertificate(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.issue("127.0.0.1"), ClientAuth.REQUIRE);
        PemFixture.Pair own = files.issue("gateway.test");
        UpstreamFixture client = connect(engine);
        TlsSettings withOwn = new TlsSettings(true, List.of(files.ca()), own.cert(), own.key(), null);

        assertThat(client.get(plan(UpstreamFixture.at(service, withOwn)))
                        .await()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void showsARenewedCertificateInTheNextCall(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.issue("127.0.0.1"), ClientAuth.REQUIRE);
        PemFixture.Pair own = files.issue("gateway.test");
        UpstreamFixture client = connect(engine);
        TlsSettings withOwn = new TlsSettings(true, List.of(files.ca()), own.cert(), own.key(), null);
        Target target = UpstreamFixture.at(service, withOwn);
        client.tls.prepare(withOwn);
        client.get(plan(target)).await();
        client.get(plan(target)).await();
        assertThat(service.connections()).hasSize(1);

        PemFixture.Pair renewed = files.issue("renewed.test");
        Files.copy(renewed.cert(), own.cert(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(renewed.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
        client.tls.prepare(withOwn);
        client.get(plan(target)).await();

        assertThat(service.connections()).hasSize(2);
        assertThat(service.connections().get(0).clientName()).isEqualTo("CN=gateway.test");
        assertThat(service.connections().get(1).clientName()).isEqualTo("CN=renewed.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p4ss"})
    void showsACertificateOfAPkcs12File(String passphrase) throws Exception {
        ScriptedPeer service = serve(files.issue("127.0.0.1"), ClientAuth.REQUIRE);
        Path store = files.pkcs12(files.issue("gateway.test"), passphrase);
        TlsSettings.Passphrase secret = passphrase.isEmpty() ? null : new TlsSettings.Passphrase(passphrase);
        TlsSettings settings =
                new TlsSettings(true, List.of(files.ca()), store, null, null, secret, TlsSettings.Version.TLS_1_2);

        connect(TlsEngine.detect())
                .get(plan(UpstreamFixture.at(service, settings)))
                .await();

        assertThat(service.connections().get(0).clientName()).isEqualTo("CN=gateway.test");
    }

    @Test
    void refusesAPkcs12FileWithTheWrongPassphrase() {
        Path store = files.pkcs12(files.issue("gateway.test"), "right");
        TlsSettings settings = new TlsSettings(
                true, List.of(), store, null, null, new TlsSettings.Passphrase("wrong-1"), TlsSettings.Version.TLS_1_2);

        assertThatThrownBy(() -> ClientTls.check(settings))
                .isInstanceOf(TlsProblem.class)
                .hasMessageContaining(store.toString())
                .hasMessageContaining("openssl pkcs12")
                .hasMessageNotContaining("wrong-1");
    }

    @Test
    void refusesACertificateWithoutItsKey() {
        TlsSettings settings =
                new TlsSettings(true, List.of(), files.issue("gateway.test").cert(), null, null);

        assertThatThrownBy(() -> ClientTls.check(settings)).hasMessageContaining("needs both");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesAVersionBelowTheWantedOne(TlsEngine engine) throws Exception {
        PemFixture.Pair pair = files.issue("127.0.0.1");
        SslContext old = SslContextBuilder.forServer(
                        pair.bundle().getKeyPair().getPrivate(), pair.bundle().getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.2")
                .build();
        peer = ScriptedPeer.startTls(old);
        UpstreamFixture client = connect(engine);
        TlsSettings newest =
                new TlsSettings(true, List.of(files.ca()), null, null, null, null, TlsSettings.Version.TLS_1_3);

        assertThat(client.get(plan(UpstreamFixture.at(peer, newest))).awaitFault())
                .isEqualTo(UpstreamFault.TLS);
        assertThat(client.get(plan(UpstreamFixture.at(peer, trusting(null))))
                        .await()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesWhenAFileIsMissing() throws Exception {
        ScriptedPeer service = serve(files.issue("127.0.0.1"));
        TlsSettings broken =
                new TlsSettings(true, List.of(new File(folder.toFile(), "none").toPath()), null, null, null);

        assertThat(connect(TlsEngine.detect())
                        .get(plan(UpstreamFixture.at(service, broken)))
                        .awaitFault())
                .isEqualTo(UpstreamFault.TLS);
    }

    @Test
    void refusesAServiceThatSpeaksCleartext() {
        peer = ScriptedPeer.start();
        peer.script(send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));

        assertThat(connect(TlsEngine.detect())
                        .get(plan(UpstreamFixture.at(peer, TlsSettings.DEFAULT)))
                        .awaitFault())
                .isIn(UpstreamFault.TLS, UpstreamFault.CONNECT_TIMEOUT);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void acceptsABodyThatEndsWithAProperClose(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.issue("127.0.0.1"));
        service.script(ScriptedPeer.sendAndClose("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"));

        assertThat(connect(engine)
                        .get(plan(UpstreamFixture.at(service, trusting(null))))
                        .await()
                        .text())
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesABodyThatEndsWithoutAProperClose(TlsEngine engine) throws Exception {
        ScriptedPeer service = serve(files.issue("127.0.0.1"));
        service.script(connection -> {
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
            connection.later(100, connection::cut);
        });

        assertThat(connect(engine)
                        .get(plan(UpstreamFixture.at(service, trusting(null))))
                        .awaitFault())
                .isEqualTo(UpstreamFault.TRUNCATED);
    }
}
