package dev.gatehouse.cli.network;

import static dev.gatehouse.upstream.ProxySteps.tunnelTo;
import static dev.gatehouse.upstream.ScriptedPeer.send;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.StartFailure;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.upstream.ScriptedPeer;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ServiceWaysIT {
    private static final String CREDENTIALS = "gate:s3cret";
    private static final String ENCODED = "Z2F0ZTpzM2NyZXQ=";

    @TempDir
    private Path folder;

    private final Logger root = (Logger) LoggerFactory.getLogger("dev.gatehouse");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final ByteArrayOutputStream accessLines = new ByteArrayOutputStream();
    private PemFixture files;
    private ScriptedPeer proxy;

    @BeforeEach
    void start() {
        files = new PemFixture(folder);
        proxy = ScriptedPeer.start();
        root.setLevel(Level.DEBUG);
        events.start();
        root.addAppender(events);
    }

    @AfterEach
    void stop() {
        root.detachAppender(events);
        root.setLevel(null);
        proxy.close();
    }

    private String log() {
        StringBuilder text = new StringBuilder(accessLines.toString(UTF_8));
        for (ILoggingEvent event : events.list) {
            text.append(event.getLevel())
                    .append(' ')
                    .append(event.getFormattedMessage())
                    .append('\n');
        }
        return text.toString();
    }

    /** What a client of the gateway gets that proxies to {@code url}. */
    private RawClient.Response get(String url, String options, Map<String, String> environment) throws IOException {
        Path config = Files.writeString(
                folder.resolve("gateway.config.yml"), """
                http: {port: 0, hostname: 127.0.0.1}
                apiEndpoints: {api: {paths: '/*'}}
                serviceEndpoints: {backend: {url: 'URL', proxyOptions: {OPTIONS}}}
                policies: [proxy]
                pipelines:
                  main:
                    apiEndpoints: [api]
                    policies:
                      - proxy: {action: {serviceEndpoint: backend}}
                """.replace("URL", url).replace("OPTIONS", options));
        Prepared prepared = Prepared.of(new Prepared.Source(config, environment, false, false, null));
        Gateway gateway = prepared.gateway();
        assertThat(gateway).as("%s", prepared.problems().all()).isNotNull();
        AccessLog access = AccessLog.open(
                new AccessOptions(Access.ALL, false, true, true, ""), accessLines::writeBytes, prepared.meters());
        try {
            int port = requireNonNull(gateway).start(access).get(0).address().getPort();
            try (RawClient client = new RawClient(port)) {
                RawClient.Response response = client.get("/path").read();
                await().until(() -> accessLines.toString(UTF_8).contains("/path"));
                return response;
            }
        } catch (StartFailure e) {
            throw new AssertionError(e);
        } finally {
            prepared.close();
            access.close();
        }
    }

    private ScriptedPeer serve(ClientAuth auth, String name) throws IOException {
        PemFixture.Pair pair = files.issue(name);
        SslContext context = SslContextBuilder.forServer(
                        pair.bundle().getKeyPair().getPrivate(), pair.bundle().getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .trustManager(files.ca().toFile())
                .clientAuth(auth)
                .build();
        return ScriptedPeer.startTls(context);
    }

    private String proxyUrl() {
        return "http://" + CREDENTIALS + "@127.0.0.1:" + proxy.port();
    }

    @Test
    void showsTheCertificateThatTheServiceEndpointNames() throws Exception {
        PemFixture.Pair own = files.issue("gateway.test");
        try (ScriptedPeer service = serve(ClientAuth.REQUIRE, "127.0.0.1")) {
            String target = "target: {caFile: '%s', certFile: '%s', keyFile: '%s'}"
                    .formatted(files.ca(), own.cert(), own.key());

            assertThat(get("https://127.0.0.1:" + service.port(), target, Map.of())
                            .body())
                    .isEqualTo("hello");
        }
    }

    @Test
    void refusesWhenTheServiceWantsACertificateAndThereIsNone() throws Exception {
        try (ScriptedPeer service = serve(ClientAuth.REQUIRE, "127.0.0.1")) {
            String target = "target: {caFile: '%s'}".formatted(files.ca());

            assertThat(get("https://127.0.0.1:" + service.port(), target, Map.of())
                            .status())
                    .isEqualTo(502);
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void reachesATlsServiceThroughTheProxyOfTheEnvironment() throws Exception {
        try (ScriptedPeer service = serve(ClientAuth.NONE, "svc.test")) {
            proxy.script(tunnelTo(service.port()));
            String target = "target: {caFile: '%s'}".formatted(files.ca());

            RawClient.Response response = get("https://svc.test", target, Map.of("https_proxy", proxyUrl()));

            assertThat(response.body()).isEqualTo("hello");
            assertThat(proxy.requests())
                    .singleElement()
                    .satisfies(connect -> assertThat(connect)
                            .startsWith("CONNECT svc.test:443 ")
                            .contains(ENCODED));
            assertThat(service.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .startsWith("GET /path HTTP/1.1\r\n")
                            .doesNotContainIgnoringCase("proxy-"));
            assertThat(log()).contains("/path").doesNotContain("s3cret", ENCODED);
        }
    }

    @Test
    void keepsTheCredentialsOfTheProxyOutOfLogsAndAnswersWhenItRefuses() throws Exception {
        proxy.otherwise(send("""
                HTTP/1.1 407 Proxy Authentication Required\r
                Proxy-Authenticate: Basic\r
                Content-Length: 0\r
                \r
                """));

        RawClient.Response cleartext = get("http://svc.test", "proxyUrl: '" + proxyUrl() + "'", Map.of());
        RawClient.Response tls = get("https://svc.test", "proxyUrl: '" + proxyUrl() + "'", Map.of());

        assertThat(cleartext.status()).isEqualTo(502);
        assertThat(tls.status()).isEqualTo(502);
        assertThat(cleartext.header("proxy-authenticate")).isNull();
        assertThat(proxy.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request).contains(ENCODED));
        assertThat(log())
                .contains("WARN", "407", "svc.test via http://127.0.0.1:")
                .doesNotContain("s3cret", ENCODED);
    }

    @Test
    void goesAroundTheProxyWhereNoProxySaysSo() throws Exception {
        try (ScriptedPeer service = ScriptedPeer.start()) {
            RawClient.Response response = get(
                    "http://127.0.0.1:" + service.port(),
                    "",
                    Map.of("http_proxy", proxyUrl(), "no_proxy", "127.0.0.0/8"));

            assertThat(response.body()).isEqualTo("hello");
            assertThat(proxy.connections()).isEmpty();
        }
    }

    @Test
    void reachesAServiceAtASocket() throws Exception {
        Path socket = folder.resolve("svc.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> answer(server));

            RawClient.Response response =
                    get("http://svc.test/base", "target: {socketPath: '" + socket + "'}", Map.of());

            assertThat(response.body()).isEqualTo("hello");
            assertThat(received.join())
                    .startsWith("GET /base/path HTTP/1.1\r\n")
                    .contains("host: svc.test\r\n");
        }
    }

    @Test
    void refusesAndSaysWhyWhenTheSourceAddressIsNotOfThisMachine() throws Exception {
        try (ScriptedPeer service = ScriptedPeer.start()) {
            RawClient.Response response =
                    get("http://127.0.0.1:" + service.port(), "localAddress: 192.0.2.1", Map.of());

            assertThat(response.status()).isEqualTo(502);
            assertThat(log()).contains("WARN cannot connect from 'localAddress'", "from 192.0.2.1");
        }
    }

    private static String answer(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0 && client.read(buffer) >= 0) {
                text.append(ISO_8859_1.decode(buffer.flip()));
                buffer.clear();
            }
            client.write(ISO_8859_1.encode(ScriptedPeer.OK));
            return text.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
