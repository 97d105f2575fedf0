package dev.gatehouse.upstream;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static dev.gatehouse.upstream.UpstreamFixture.at;
import static dev.gatehouse.upstream.UpstreamFixture.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies in both directions, in small pieces and with slow peers; every wait has an end. */
class StreamingIT {
    private ScriptedPeer peer;
    private UpstreamFixture upstream;

    @BeforeEach
    void start() {
        peer = ScriptedPeer.start();
        upstream = UpstreamFixture.create();
    }

    @AfterEach
    void stop() {
        upstream.close();
        peer.close();
    }

    private RecordedCall start(HttpMethod method, BodyFraming framing) {
        RecordedCall call = upstream.call(0, UpstreamFixture.head(method), framing, plan(at(peer)));
        await().until(() -> call.events.contains("ready"));
        return call;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5;x=y\r\nworld\r\n0\r\nx-sum: 1\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"
            })
    void readsResponsesByteByByte(String answer) {
        peer.script(connection -> connection.drip(answer));

        RecordedCall call = upstream.get(plan(at(peer))).await();

        assertThat(call.text()).isEqualTo("hello world");
        assertThat(upstream.get(plan(at(peer))).await().status()).isEqualTo(200);
        assertThat(peer.connections()).hasSize(1);
    }

    @Test
    void readsABodyThatEndsAtTheClose() {
        peer.script(ScriptedPeer.sendAndClose("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello"));

        RecordedCall call = upstream.get(plan(at(peer))).await();

        assertThat(call.text()).isEqualTo("hello");
        assertThat(head(call).contains("content-length")).isFalse();
    }

    @Test
    void givesTrailersWithoutThoseThatWouldMislead() {
        peer.script(send(String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "Trailer: x-sum",
                "",
                "5",
                "hello",
                "0",
                "X-Sum: 1",
                "Set-Cookie: a=b",
                "Host: other",
                "",
                "")));

        RecordedCall call = upstream.get(plan(at(peer))).await();

        assertThat(Objects.requireNonNull(call.trailers).entries())
                .extracting(entry -> entry.getKey() + "=" + entry.getValue())
                .containsExactly("X-Sum=1");
    }

    @Test
    void removesWhatConcernsTheConnectionOnly() {
        peer.script(send(String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Connection: x-hop, keep-alive, content-length",
                "X-Hop: secret",
                "Keep-Alive: timeout=9",
                "Proxy-Authenticate: Basic",
                "Upgrade: h2c",
                "TE: trailers",
                "X-Kept: a",
                "Content-Length: 5",
                "",
                "hello")));

        HttpHeaders headers = head(upstream.get(plan(at(peer))).await());

        assertThat(headers.entries())
                .extracting(entry -> entry.getKey() + "=" + entry.getValue())
                .containsExactly("X-Kept=a", "Content-Length=5");
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD,'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n',500",
        "HEAD,'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',",
        "GET,'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n',500",
        "GET,'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',",
        "GET,'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',0"
    })
    void endsResponsesWithoutABodyAtTheirHead(String method, String answer, String length) {
        peer.script(send(answer));
        HttpRequest request = UpstreamFixture.head(HttpMethod.valueOf(method));

        RecordedCall call =
                upstream.call(0, request, BodyFraming.none(), plan(at(peer))).await();

        assertThat(call.events).endsWith("end");
        assertThat(head(call).get("content-length")).isEqualTo(length);
        assertThat(head(call).contains("transfer-encoding")).isFalse();
    }

    private static HttpHeaders head(RecordedCall call) {
        return Objects.requireNonNull(call.head).headers();
    }

    @Test
    void sendsABodyInChunks() {
        RecordedCall call = start(HttpMethod.POST, BodyFraming.chunked());

        for (String piece : List.of("a", "", "bc")) {
            call.onLoop(started -> {
                started.write(RecordedCall.bytes(piece));
                started.flush();
            });
        }
        call.onLoop(UpstreamCall::end);

        assertThat(call.await().status()).isEqualTo(200);
        assertThat(peer.requests().get(0)).endsWith("transfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"GET,", "DELETE,", "OPTIONS,", "HEAD,", "POST,0", "PUT,0", "PATCH,0"})
    void saysThatThereIsNoBodyWhereOneIsUsual(String method, String length) {
        upstream.call(0, UpstreamFixture.head(HttpMethod.valueOf(method)), BodyFraming.none(), plan(at(peer)))
                .await();

        assertThat(peer.requests().get(0)).contains(length == null ? "HTTP/1.1" : "\r\ncontent-length: " + length);
        assertThat(peer.requests().get(0).contains("content-length")).isEqualTo(length != null);
    }

    @Test
    void choosesTheFramingItself() {
        HttpRequest head = UpstreamFixture.head(HttpMethod.DELETE);
        head.headers().add("Content-Length", "7").add("Content-Length", "8").add("Transfer-Encoding", "chunked");

        new RecordedCall(upstream.clients.get(0), head, BodyFraming.length(4), plan(at(peer)), "data").await();

        assertThat(peer.requests().get(0))
                .isEqualTo("DELETE /path?q=1 HTTP/1.1\r\nhost: service.test\r\ncontent-length: 4\r\n\r\ndata");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "123"})
    void refusesABodyThatIsNotAsLongAsAnnounced(String body) {
        RecordedCall call = start(HttpMethod.POST, BodyFraming.length(4));

        call.onLoop(started -> {
            started.write(RecordedCall.bytes(body));
            started.end();
        });

        assertThat(call.awaitFault()).isEqualTo(UpstreamFault.UNSENDABLE);
        await().until(() -> !peer.connections().get(0).isOpen());
        assertThat(peer.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"b\r\nX-B: c", "b\nc", "b\u0000c", "b\u007fc"})
    void refusesAFieldThatWouldBreakTheHead(String value) {
        HttpRequest head = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.GET,
                "/",
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders());
        head.headers().set("X-A", value);

        RecordedCall call = upstream.call(0, head, BodyFraming.none(), plan(at(peer)));

        assertThat(call.awaitFault()).isEqualTo(UpstreamFault.UNSENDABLE);
        assertThat(peer.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\r\nX: y"})
    void refusesATargetThatWouldBreakTheHead(String target) {
        RecordedCall call = upstream.call(
                0,
                UpstreamFixture.head(HttpMethod.GET),
                BodyFraming.none(),
                new ForwardPlan("backend", List.of(at(peer)), target, null, false));

        assertThat(call.awaitFault()).isEqualTo(UpstreamFault.UNSENDABLE);
        assertThat(peer.requests()).isEmpty();
    }

    @Test
    void stopsReadingWhileNobodyWantsMore() {
        int total = 64 * 1024 * 1024;
        AtomicLong sent = new AtomicLong();
        peer.script(connection -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
            connection.pump(total, sent);
        });

        RecordedCall call = upstream.get(plan(at(peer))).withoutReading();
        await().until(() -> call.events.contains("head 200"));
        await().during(Duration.ofMillis(300)).atMost(UpstreamFixture.PATIENCE).until(steady(sent));

        assertThat(call.bytes()).isLessThan(1024 * 1024);
        assertThat(sent.get()).isLessThan(total);

        call.readAll();
        awaitProgress(call, total);
        assertThat(call.await().failure).isNull();
    }

    private static Callable<Boolean> steady(AtomicLong counter) {
        AtomicLong last = new AtomicLong(-1);
        return () -> last.getAndSet(counter.get()) == counter.get();
    }

    /** Fails when the number of received bytes does not grow for a while: a stall shows as silence only. */
    private static void awaitProgress(RecordedCall call, long total) {
        while (call.bytes() < total) {
            long before = call.bytes();
            await().atMost(UpstreamFixture.PATIENCE).until(() -> call.bytes() > before || call.bytes() == total);
        }
    }

    @Test
    void stopsSendingWhileTheServiceDoesNotRead() {
        int total = 32 * 1024 * 1024;
        peer.answerAtHead().script(ScriptedPeer.Connection::stopReading);
        RecordedCall call = start(HttpMethod.POST, BodyFraming.length(total));
        Upload upload = new Upload(call, total);

        call.onLoop(started -> upload.fill());
        await().during(Duration.ofMillis(300)).atMost(UpstreamFixture.PATIENCE).until(steady(upload.written));
        assertThat(upload.written.get()).isLessThan(total);

        ScriptedPeer.Connection connection = peer.connections().get(0);
        connection.startReading();
        while (upload.written.get() < total) {
            long before = upload.written.get();
            await().atMost(UpstreamFixture.PATIENCE).until(() -> {
                call.onLoop(started -> upload.fill());
                return upload.written.get() > before;
            });
        }
        await().until(() -> connection.received() > total);
        connection.send(ScriptedPeer.OK);

        assertThat(call.await().status()).isEqualTo(200);
    }

    @Test
    void refusesAServiceThatNeverReads() {
        peer.answerAtHead().script(ScriptedPeer.Connection::stopReading);
        RecordedCall call = upstream.call(
                0,
                UpstreamFixture.head(HttpMethod.POST),
                BodyFraming.length(32 * 1024 * 1024),
                plan(Duration.ofMillis(300), at(peer)));
        await().until(() -> call.events.contains("ready"));
        Upload upload = new Upload(call, 32 * 1024 * 1024);

        call.onLoop(started -> {
            started.flush();
            upload.fill();
        });

        assertThat(call.awaitFault()).isEqualTo(UpstreamFault.RESPONSE_TIMEOUT);
    }

    /** Writes as much as is wanted, never more. */
    private static final class Upload {
        private static final byte[] PIECE = new byte[16 * 1024];

        private final RecordedCall call;
        private final long total;
        private final AtomicLong written = new AtomicLong();

        private Upload(RecordedCall call, long total) {
            this.call = call;
            this.total = total;
        }

        private void fill() {
            UpstreamCall started = call.call();
            while (written.get() < total && started.isWritable()) {
                started.write(Unpooled.wrappedBuffer(PIECE));
                written.addAndGet(PIECE.length);
                started.flush();
            }
            if (written.get() == total) {
                started.end();
            }
        }
    }
}
