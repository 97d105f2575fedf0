package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.HttpsConfig;
import dev.gatehouse.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTlsIT {
    @TempDir
    private Path folder;

    private PemFixture files;
    private EventLoopGroup group;
    private @Nullable Channel listening;

    @BeforeEach
    void start() {
        files = new PemFixture(folder);
        group = Transport.detect().group(1);
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private HttpsConfig.Certificate entry(String pattern) {
        PemFixture.Pair pair = files.issue(pattern.replace("*", "any") + ".shown");
        return new HttpsConfig.Certificate(pattern, pair.key(), pair.cert(), List.of(files.ca()));
    }

    private static HttpsConfig config(boolean ask, boolean reject, HttpsConfig.Certificate... certificates) {
        return new HttpsConfig(0, null, List.of(certificates), ask, reject);
    }

    /** A server that says, after the handshake, what it knows of its client. */
    private ServerTls serve(HttpsConfig config, TlsEngine engine) {
        ServerTls tls = ServerTls.load(config, engine);
        listening = new ServerBootstrap()
                .group(group)
                .channel(Transport.detect().server())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.handler(Duration.ofMillis(500)), new Greeting());
                    }
                })
                .bind(NetUtil.LOCALHOST4, 0)
                .syncUninterruptibly()
                .channel();
        return tls;
    }

    private static final class Greeting extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                ServerTls.Client client = ServerTls.client(context.channel());
                X509Certificate certificate = client.certificate();
                String subject = certificate == null
                        ? "nobody"
                        : certificate.getSubjectX500Principal().getName();
                String text = subject + ' ' + client.trusted() + ' ' + client.serverName();
                context.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** Presents its certificate whether or not the server names its issuer. */
    private static final class Insistent extends X509ExtendedKeyManager {
        private final PemFixture.Pair own;

        private Insistent(PemFixture.Pair own) {
            this.own = own;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "me";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return own.bundle().getCertificatePath();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.bundle().getKeyPair().getPrivate();
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"me"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    private SSLSocket connect(@Nullable String name, PemFixture.@Nullable Pair own, String... versions)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own == null ? null : new KeyManager[] {new Insistent(own)},
                InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(address());
        socket.setSoTimeout(5000);
        SSLParameters parameters = socket.getSSLParameters();
        if (name != null) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    private InetSocketAddress address() {
        return (InetSocketAddress) Objects.requireNonNull(listening).localAddress();
    }

    private String greeting(@Nullable String name, PemFixture.@Nullable Pair own) throws Exception {
        try (SSLSocket socket = connect(name, own)) {
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String shown(@Nullable String name) throws Exception {
        try (SSLSocket socket = connect(name, null)) {
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName().substring("CN=".length());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.demo.io,any.demo.io.shown",
        "A.DEMO.IO,any.demo.io.shown",
        "a.b.demo.io,any.demo.io.shown",
        "demo.io,default.shown",
        "exact.test,exact.test.shown",
        "xdemo.io,default.shown",
        "first.exact.test,default.shown"
    })
    void showsTheCertificateOfTheFirstPatternThatFits(String name, String certificate) throws Exception {
        serve(
                config(false, true, entry("default"), entry("*.demo.io"), entry("a.demo.io"), entry("exact.test")),
                TlsEngine.detect());

        assertThat(shown(name)).isEqualTo(certificate);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void showsTheDefaultToClientsWithoutAName(TlsEngine engine) throws Exception {
        serve(config(false, true, entry("*.demo.io"), entry("default")), engine);

        assertThat(shown(null)).isEqualTo("default.shown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.test", ""})
    void refusesANameWithoutACertificate(String name) {
        serve(config(false, true, entry("*.demo.io")), TlsEngine.detect());

        assertThatThrownBy(() -> shown(name.isEmpty() ? null : name)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,BORINGSSL", "TLSv1.3,BORINGSSL", "TLSv1.2,JDK", "TLSv1.3,JDK"})
    void offersCurrentVersionsAndHttp11(String version, TlsEngine engine) throws Exception {
        serve(config(false, true, entry("default")), engine);

        try (SSLSocket socket = connect("a.test", null, version)) {
            socket.startHandshake();

            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(socket.getSession().getCipherSuite()).containsPattern("GCM|CHACHA20");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void knowsTrustedClients(TlsEngine engine) throws Exception {
        serve(config(true, true, entry("default")), engine);

        assertThat(greeting("a.test", files.issue("alice"))).isEqualTo("CN=alice true a.test");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesUntrustedClients(TlsEngine engine) {
        serve(config(true, true, entry("default")), engine);

        assertThatThrownBy(() -> greeting("a.test", files.selfSigned("mallory")))
                .isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesClientsWithoutACertificate(TlsEngine engine) {
        serve(config(true, true, entry("default")), engine);

        assertThatThrownBy(() -> greeting("a.test", null)).isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void marksUntrustedClientsThatAreLetThrough(TlsEngine engine) throws Exception {
        serve(config(true, false, entry("default")), engine);

        assertThat(greeting("a.test", files.selfSigned("mallory"))).isEqualTo("CN=mallory false a.test");
        assertThat(greeting("a.test", files.issue("alice"))).isEqualTo("CN=alice true a.test");
        assertThat(greeting("a.test", null)).isEqualTo("nobody false a.test");
    }

    @Test
    void asksNobodyByDefault() throws Exception {
        serve(config(false, true, entry("default")), TlsEngine.detect());

        assertThat(greeting("a.test", files.issue("alice"))).isEqualTo("nobody false a.test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "GET / HTTP/1.1\r\n\r\n"
            })
    void refusesToWaitForAHandshakeThatDoesNotCome(String bytes) throws Exception {
        serve(config(false, true, entry("default")), TlsEngine.detect());

        try (Socket socket = new Socket()) {
            socket.connect(address());
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));

            assertThat(endsIn(socket)).isTrue();
        }
    }

    private static boolean endsIn(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void showsNewKeyMaterialAfterAReload() throws Exception {
        ServerTls tls = serve(config(false, true, entry("default")), TlsEngine.detect());
        PemFixture.Pair next = files.issue("next.shown");

        tls.reload(config(false, true, new HttpsConfig.Certificate("default", next.key(), next.cert(), List.of())));

        assertThat(shown("a.test")).isEqualTo("next.shown");
    }

    @Test
    void keepsKeyMaterialWhenAReloadFails() throws Exception {
        ServerTls tls = serve(config(false, true, entry("default")), TlsEngine.detect());
        Path missing = folder.resolve("missing.pem");

        assertThatThrownBy(() -> tls.reload(
                        config(false, true, new HttpsConfig.Certificate("default", missing, missing, List.of()))))
                .isInstanceOf(TlsProblem.class);

        assertThat(shown("a.test")).isEqualTo("default.shown");
    }

    @Test
    void reportsEveryProblem() {
        Path missing = folder.resolve("missing.pem");
        PemFixture.Pair pair = files.issue("a.test");
        PemFixture.Pair other = files.issue("b.test");

        assertThat(ServerTls.problems(config(
                        true,
                        true,
                        new HttpsConfig.Certificate("default", missing, pair.cert(), List.of()),
                        new HttpsConfig.Certificate("*.a", other.key(), pair.cert(), List.of()),
                        new HttpsConfig.Certificate("*.b", pair.key(), pair.cert(), List.of(missing)),
                        new HttpsConfig.Certificate("*.c", pair.key(), pair.cert(), List.of(files.ca())))))
                .containsExactly(
                        "tls \"default\": " + missing + ": file not found",
                        "tls \"*.a\": " + other.key() + ": is not the key of the first certificate in " + pair.cert(),
                        "tls \"*.b\": " + missing + ": file not found");
    }
}
