package dev.gatehouse.upstream;

import static dev.gatehouse.upstream.ProxySteps.ESTABLISHED;
import static dev.gatehouse.upstream.ProxySteps.tunnelTo;
import static dev.gatehouse.upstream.ScriptedPeer.send;
import static dev.gatehouse.upstream.ScriptedPeer.sendAndClose;
import static dev.gatehouse.upstream.UpstreamFixture.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.client.Way;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardProxyIT {
    private static final String DEMAND = """
            HTTP/1.1 407 Proxy Authentication Required\r
            Proxy-Authenticate: Basic realm="proxy"\r
            Content-Length: 0\r
            \r
            """;
    private static final String CREDENTIALS = "Basic Z2F0ZTpzM2NyZXQ=";

    @TempDir
    private Path folder;

    private ScriptedPeer proxy;
    private @Nullable ScriptedPeer service;
    private UpstreamFixture upstream;

    @BeforeEach
    void start() {
        proxy = ScriptedPeer.start();
        upstream = UpstreamFixture.create();
    }

    @AfterEach
    void stop() {
        upstream.close();
        proxy.close();
        if (service != null) {
            service.close();
        }
    }

    private Way through(ScriptedPeer peer, @Nullable TlsSettings tls) {
        return Way.over(new ForwardProxy("127.0.0.1", peer.port(), tls, CREDENTIALS), null);
    }

    private void expect(RecordedCall call, UpstreamFault fault, Refusal refusal) {
        assertThat(call.awaitFault()).isEqualTo(fault);
        assertThat(fault.refusal()).isEqualTo(refusal);
        assertThat(upstream.count("gateway.upstream.errors", "cause", fault.tag()))
                .isEqualTo(1);
        await().untilAsserted(() -> assertThat(upstream.connections("active")).isZero());
    }

    private void impatient() {
        upstream.close();
        UpstreamLimits usual = UpstreamFixture.limits();
        upstream = new UpstreamFixture(
                new UpstreamLimits(
                        Duration.ofMillis(300),
                        usual.responseTimeout(),
                        usual.bodyIdleTimeout(),
                        usual.idleTimeout(),
                        usual.maxHeaderBytes(),
                        usual.maxHeaderCount(),
                        usual.maxConnections(),
                        usual.maxWaiting()),
                1);
    }

    private static SslContext serving(PemFixture.Pair pair) throws SSLException {
        return SslContextBuilder.forServer(
                        pair.bundle().getKeyPair().getPrivate(), pair.bundle().getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .build();
    }

    @Nested
    class Cleartext {
        private ForwardPlan to(String host, int port) {
            return plan(new Target(host, port, null, through(proxy, null)));
        }

        @Test
        void sendsTheWholeUrlAndTheCredentialsToTheProxy() {
            HttpRequest head = UpstreamFixture.head(HttpMethod.GET);

            RecordedCall call = upstream.call(0, head, BodyFraming.none(), to("svc.test", 3000))
                    .await();

            assertThat(call.text()).isEqualTo("hello");
            assertThat(proxy.requests())
                    .containsExactly("GET http://svc.test:3000/path?q=1 HTTP/1.1\r\nhost: service.test\r\n"
                            + "proxy-authorization: " + CREDENTIALS + "\r\n\r\n");
            assertThat(head.headers().contains("proxy-authorization"))
                    .as("policies and logs see this head")
                    .isFalse();
        }

        @Test
        void leavesTheDefaultPortOut() {
            upstream.get(to("svc.test", 80)).await();
            upstream.get(to("::1", 80)).await();

            assertThat(proxy.requests().get(0)).startsWith("GET http://svc.test/path?q=1 ");
            assertThat(proxy.requests().get(1)).startsWith("GET http://[::1]/path?q=1 ");
        }

        @Test
        void asksForTheRootInsteadOfTheWholeServer() {
            Target target = new Target("svc.test", 80, null, through(proxy, null));
            ForwardPlan plan = new ForwardPlan("backend", List.of(target), "*", null, false);

            upstream.call(0, UpstreamFixture.head(HttpMethod.OPTIONS), BodyFraming.none(), plan)
                    .await();

            assertThat(proxy.requests().get(0)).startsWith("OPTIONS http://svc.test/ HTTP/1.1\r\n");
        }

        @Test
        void streamsBodies() {
            upstream.send(HttpMethod.POST, "x".repeat(100_000), to("svc.test", 80))
                    .await();

            assertThat(proxy.requests().get(0)).endsWith("\r\n\r\n" + "x".repeat(100_000));
        }

        @Test
        void sharesNoConnectionsWithOtherWays() {
            Target direct = new Target("127.0.0.1", proxy.port(), null);
            ForwardProxy anonymous = new ForwardProxy("127.0.0.1", proxy.port(), null, null);

            upstream.get(plan(direct)).await();
            upstream.get(plan(new Target("127.0.0.1", proxy.port(), null, Way.over(anonymous, null))))
                    .await();
            upstream.get(to("127.0.0.1", proxy.port())).await();
            upstream.get(to("127.0.0.1", proxy.port())).await();

            assertThat(proxy.connections()).hasSize(3);
            assertThat(proxy.connections().get(2).requests()).hasSize(2);
            assertThat(proxy.connections().get(0).requests().get(0)).startsWith("GET /path?q=1 ");
            assertThat(proxy.connections().get(1).requests().get(0)).doesNotContain("proxy-authorization");
        }

        @Test
        void refusesWhenTheProxyIsNotThere() {
            proxy.close();

            expect(upstream.get(to("svc.test", 80)), UpstreamFault.PROXY, Refusal.UPSTREAM_CONNECT);
        }

        @Test
        void refusesWhenTheNameOfTheProxyIsUnknown() {
            ForwardProxy unknown = new ForwardProxy("proxy.invalid", 3128, null, null);

            expect(
                    upstream.get(plan(new Target("127.0.0.1", 80, null, Way.over(unknown, null)))),
                    UpstreamFault.PROXY,
                    Refusal.UPSTREAM_CONNECT);
        }

        @Test
        void refusesToPassADemandForCredentialsOn() {
            proxy.otherwise(send(DEMAND));

            expect(upstream.get(to("svc.test", 80)), UpstreamFault.PROXY, Refusal.UPSTREAM_CONNECT);
            assertThat(proxy.requests()).hasSize(1);
        }

        @Test
        void passesOtherAnswersOfTheProxyOn() {
            proxy.script(send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"));

            assertThat(upstream.get(to("svc.test", 80)).await().text()).isEqualTo("busy");
        }

        @Test
        void turnsToTheNextTargetWithoutTheCredentials() {
            ScriptedPeer direct = ScriptedPeer.start();
            service = direct;
            Target first = new Target("svc.test", 80, null, through(proxy, null));
            proxy.close();

            RecordedCall call =
                    upstream.send(HttpMethod.POST, "data", plan(first, new Target("127.0.0.1", direct.port(), null)));

            assertThat(call.await().text()).isEqualTo("hello");
            assertThat(direct.requests().get(0)).startsWith("POST /path?q=1 ").doesNotContain("proxy-authorization");
        }

        @Test
        void speaksTlsToTheProxy() throws Exception {
            PemFixture files = new PemFixture(folder);
            ScriptedPeer secure = ScriptedPeer.startTls(serving(files.issue("127.0.0.1")));
            service = secure;
            TlsSettings trusting = new TlsSettings(true, List.of(files.ca()), null, null, null);

            RecordedCall call = upstream.get(plan(new Target("svc.test", 80, null, through(secure, trusting))));

            assertThat(call.await().text()).isEqualTo("hello");
            assertThat(secure.requests().get(0)).startsWith("GET http://svc.test/path?q=1 ");
        }

        @Test
        void refusesAProxyThatCannotBeTrusted() throws Exception {
            PemFixture files = new PemFixture(folder);
            ScriptedPeer secure = ScriptedPeer.startTls(serving(files.selfSigned("127.0.0.1")));
            service = secure;

            expect(
                    upstream.get(plan(new Target("svc.test", 80, null, through(secure, TlsSettings.DEFAULT)))),
                    UpstreamFault.PROXY,
                    Refusal.UPSTREAM_CONNECT);
            assertThat(secure.requests()).isEmpty();
        }
    }

    @Nested
    class Tunnel {
        private PemFixture files;
        private ScriptedPeer backend;

        @BeforeEach
        void serve() throws SSLException {
            files = new PemFixture(folder);
            backend = ScriptedPeer.startTls(serving(files.issue("svc.test")));
            service = backend;
        }

        private TlsSettings trusting() {
            return new TlsSettings(true, List.of(files.ca()), null, null, null);
        }

        private Target target() {
            return new Target("svc.test", 443, trusting(), through(proxy, null));
        }

        @Test
        void reachesTheServiceAndReusesTheTunnel() {
            proxy.script(tunnelTo(backend.port()));
            ForwardPlan plan = plan(target());

            assertThat(upstream.get(plan).await().text()).isEqualTo("hello");
            RecordedCall second =
                    upstream.send(HttpMethod.POST, "x".repeat(100_000), plan).await();
            assertThat(second.text()).as("%s", second.events).isEqualTo("hello");

            assertThat(proxy.requests()).singleElement().satisfies(connect -> {
                assertThat(connect).startsWith("CONNECT svc.test:443 HTTP/1.1\r\n");
                assertThat(connect).containsIgnoringCase("\r\nproxy-authorization: " + CREDENTIALS + "\r\n");
            });
            assertThat(backend.connections()).hasSize(1);
            assertThat(backend.requests().get(0)).isEqualTo("GET /path?q=1 HTTP/1.1\r\nhost: service.test\r\n\r\n");
            assertThat(backend.requests().get(1)).doesNotContainIgnoringCase("proxy-");
        }

        @Test
        void goesThroughATlsProxy() throws Exception {
            ScriptedPeer secure = ScriptedPeer.startTls(serving(files.issue("127.0.0.1")));
            try (secure) {
                secure.script(tunnelTo(backend.port()));

                Target target = new Target("svc.test", 443, trusting(), through(secure, trusting()));

                assertThat(upstream.get(plan(target)).await().text()).isEqualTo("hello");
            }
        }

        @Test
        void refusesACutBodyThoughTheTlsOfTheProxyEndsProperly() throws Exception {
            ScriptedPeer secure = ScriptedPeer.startTls(serving(files.issue("127.0.0.1")));
            try (secure) {
                secure.script(tunnelTo(backend.port()));
                backend.script(connection -> {
                    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhel");
                    connection.later(100, connection::cut);
                });
                Target target = new Target("svc.test", 443, trusting(), through(secure, trusting()));

                assertThat(upstream.get(plan(target)).awaitFault()).isEqualTo(UpstreamFault.TRUNCATED);
            }
        }

        @Test
        void acceptsABodyThatEndsWithAProperClose() {
            proxy.script(tunnelTo(backend.port()));
            backend.script(sendAndClose("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"));

            assertThat(upstream.get(plan(target())).await().text()).isEqualTo("hello");
        }

        @Test
        void refusesAServiceWithAnotherName() throws Exception {
            ScriptedPeer impostor = ScriptedPeer.startTls(serving(files.issue("other.test")));
            try (impostor) {
                proxy.script(tunnelTo(impostor.port()));

                expect(upstream.get(plan(target())), UpstreamFault.TLS, Refusal.UPSTREAM_TLS);
                assertThat(impostor.requests()).isEmpty();
            }
        }

        @Test
        void passesADemandOfTheServiceOn() {
            proxy.script(tunnelTo(backend.port()));
            backend.script(send("HTTP/1.1 407 Odd\r\nContent-Length: 4\r\n\r\nmine"));

            assertThat(upstream.get(plan(target())).await().status()).isEqualTo(407);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno",
                    "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
                    "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
                    "HTTP/1.1 302 Found\r\nLocation: http://evil.test\r\nContent-Length: 0\r\n\r\n",
                    "garbage\r\n\r\n",
                    "\u0015\u0003\u0001\u0000\u0002\r\n\r\n",
                })
        void refusesWhenTheProxyDoes(String answer) {
            proxy.otherwise(send(answer));

            expect(upstream.get(plan(target())), UpstreamFault.PROXY, Refusal.UPSTREAM_CONNECT);
            assertThat(backend.connections()).isEmpty();
        }

        @Test
        void refusesAnAnswerWithoutEnd() {
            proxy.otherwise(send("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(64 * 1024)));

            expect(upstream.get(plan(target())), UpstreamFault.PROXY, Refusal.UPSTREAM_CONNECT);
        }

        @Test
        void refusesWhenTheProxyCloses() {
            proxy.otherwise(ScriptedPeer.Connection::close);

            expect(upstream.get(plan(target())), UpstreamFault.PROXY, Refusal.UPSTREAM_CONNECT);
        }

        @Test
        void refusesWhenTheProxyIsSilent() {
            impatient();
            proxy.otherwise(connection -> {});

            expect(upstream.get(plan(target())), UpstreamFault.PROXY_TIMEOUT, Refusal.UPSTREAM_CONNECT_TIMEOUT);
        }

        @Test
        void refusesWhenTheServiceBehindItIsSilent() {
            impatient();
            proxy.otherwise(send(ESTABLISHED));

            assertThat(upstream.get(plan(target())).awaitFault())
                    .isIn(UpstreamFault.CONNECT_TIMEOUT, UpstreamFault.TLS);
        }

        @Test
        void refusesBytesThatNobodyAskedFor() {
            proxy.otherwise(send(ESTABLISHED + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake"));

            expect(upstream.get(plan(target())), UpstreamFault.PROXY, Refusal.UPSTREAM_CONNECT);
        }

        @Test
        void understandsAnAnswerInSinglePackets() {
            proxy.script(connection -> {
                connection.drip("HTTP/1.1 200 OK\r\nX-Proxy: a\r\n\r\n");
                connection.later(300, connection::close);
            });

            assertThat(upstream.get(plan(target())).awaitFault()).isEqualTo(UpstreamFault.TLS);
        }

        @Test
        void turnsToTheNextTargetForAnyMethod() {
            proxy.script(send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"))
                    .script(tunnelTo(backend.port()));
            Target dead = new Target("dead.test", 443, trusting(), through(proxy, null));

            RecordedCall call = upstream.send(HttpMethod.POST, "data", plan(dead, target()));

            assertThat(call.await().text()).isEqualTo("hello");
            assertThat(backend.requests()).hasSize(1);
            assertThat(proxy.requests().get(1)).startsWith("CONNECT svc.test:443 ");
        }

        @Test
        void abandonsTheTunnelWhenTheCallIsCancelled() {
            proxy.otherwise(connection -> {});

            RecordedCall call = upstream.get(plan(target()));
            await().until(() -> proxy.requests().size() == 1);
            call.onLoop(UpstreamCall::cancel);

            await().untilAsserted(() ->
                    assertThat(proxy.connections().get(0).isOpen()).isFalse());
            await().untilAsserted(
                            () -> assertThat(upstream.connections("active")).isZero());
        }
    }
}
