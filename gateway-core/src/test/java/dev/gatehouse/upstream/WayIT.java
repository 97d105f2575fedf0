package dev.gatehouse.upstream;

import static dev.gatehouse.upstream.UpstreamFixture.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.Way;
import dev.gatehouse.tls.TlsEngine;
import dev.gatehouse.transport.Transport;
import dev.gatehouse.upstream.reach.UpstreamFault;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Source addresses and Unix domain sockets, on each kind of transport. */
class WayIT {
    @TempDir
    private Path folder;

    static List<Transport> transports() {
        return Stream.of(Transport.nio(), Transport.detect()).distinct().toList();
    }

    private static UpstreamFixture upstream(Transport transport) {
        return new UpstreamFixture(UpstreamFixture.limits(), 1, TlsEngine.JDK, transport);
    }

    private static Target from(ScriptedPeer peer, String address) throws IOException {
        return new Target("127.0.0.1", peer.port(), null, Way.over(null, InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectsFromTheGivenAddress(Transport transport) throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start();
                UpstreamFixture upstream = upstream(transport)) {
            upstream.get(plan(from(peer, "127.0.0.2"))).await();
            upstream.get(plan(UpstreamFixture.at(peer))).await();

            assertThat(peer.connections())
                    .extracting(connection -> ((InetSocketAddress)
                                    connection.channel().remoteAddress())
                            .getAddress()
                            .getHostAddress())
                    .containsExactly("127.0.0.2", "127.0.0.1");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void refusesWhenTheAddressIsNotOfThisMachine(Transport transport) throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start();
                UpstreamFixture upstream = upstream(transport)) {
            RecordedCall call = upstream.get(plan(from(peer, "192.0.2.1")));

            assertThat(call.awaitFault()).isEqualTo(UpstreamFault.REFUSED);
            assertThat(peer.connections()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void refusesWhenTheAddressIsOfAnotherFamily(Transport transport) throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start();
                UpstreamFixture upstream = upstream(transport)) {
            RecordedCall call = upstream.get(plan(from(peer, "::1")));

            assertThat(call.awaitFault()).isEqualTo(UpstreamFault.REFUSED);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void speaksOverASocket(Transport transport) throws Exception {
        Path socket = folder.resolve("svc.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                UpstreamFixture upstream = upstream(transport)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<String> served = CompletableFuture.supplyAsync(() -> answerTwo(server));
            Target target = new Target("svc.test", 80, null, Way.socket(socket));

            assertThat(upstream.get(plan(target)).await().text()).isEqualTo("hello");
            assertThat(upstream.send(HttpMethod.GET, "", plan(target)).await().text())
                    .isEqualTo("hello");

            assertThat(served.join()).startsWith("GET /path?q=1 HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void refusesWhenNobodyListensAtTheSocket(Transport transport) {
        try (ScriptedPeer other = ScriptedPeer.start();
                UpstreamFixture upstream = upstream(transport)) {
            Target missing = new Target("svc.test", 80, null, Way.socket(folder.resolve("none.sock")));

            assertThat(upstream.get(plan(missing)).awaitFault()).isEqualTo(UpstreamFault.REFUSED);
            assertThat(upstream.get(plan(missing, UpstreamFixture.at(other)))
                            .await()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void saysInTheMetricsWhichWayAConnectionTook() {
        Target socket = new Target("svc.test", 80, null, Way.socket(Path.of("/run/svc.sock")));

        assertThat(socket.label()).isEqualTo("svc.test at /run/svc.sock");
        assertThat(new Target("svc.test", 80, null, Way.over(null, InetAddress.getLoopbackAddress())).label())
                .isEqualTo("svc.test from 127.0.0.1");
    }

    /** Answers two requests on one connection; returns the first. */
    private static String answerTwo(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            String first = read(client);
            client.write(StandardCharsets.ISO_8859_1.encode(ScriptedPeer.OK));
            read(client);
            client.write(StandardCharsets.ISO_8859_1.encode(ScriptedPeer.OK));
            return first;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0 && client.read(buffer) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            buffer.clear();
        }
        return text.toString();
    }
}
