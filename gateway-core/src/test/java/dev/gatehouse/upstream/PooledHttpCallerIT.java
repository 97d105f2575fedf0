package dev.gatehouse.upstream;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static dev.gatehouse.upstream.ScriptedPeer.sendAndClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.Target;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PooledHttpCallerIT {
    private static final int MAX_BYTES = 200_000;
    private static final Duration LONG = Duration.ofSeconds(5);

    private ScriptedPeer peer;
    private UpstreamFixture upstream;
    private PooledHttpCaller caller;

    @BeforeEach
    void start() {
        peer = ScriptedPeer.start();
        upstream = new UpstreamFixture(UpstreamFixture.limits(), 2);
        caller = new PooledHttpCaller(upstream.clients);
    }

    @AfterEach
    void stop() {
        upstream.close();
        peer.close();
    }

    private HttpCall post(String body) {
        return post(UpstreamFixture.at(peer), body, LONG, LONG);
    }

    private static HttpCall post(Target target, String body, Duration firstByte, Duration total) {
        return new HttpCall(
                target,
                HttpMethod.POST,
                "/introspect",
                new DefaultHttpHeaders().set("Authorization", "Basic abc"),
                body.getBytes(StandardCharsets.US_ASCII),
                MAX_BYTES,
                LONG,
                firstByte,
                total);
    }

    private CallResult result(HttpCall call) {
        return caller.call(call)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void expect(CallResult.Cause cause) {
        assertThat(result(post("token=x")))
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        failed -> assertThat(failed.cause()).isEqualTo(cause));
    }

    private void expectBody(String body) {
        assertThat(result(post("token=x")))
                .isInstanceOfSatisfying(
                        CallResult.Answer.class,
                        answer -> assertThat(answer.body())
                                .asString(StandardCharsets.ISO_8859_1)
                                .isEqualTo(body));
    }

    private static byte[] answer(String coding, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static byte[] packed(String coding, String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var packing = coding.equals("deflate") ? new DeflaterOutputStream(out) : new GZIPOutputStream(out)) {
            packing.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }

    @Test
    void answersWithStatusHeadersAndBody() {
        peer.script(send("HTTP/1.1 400 Bad Request\r\nX-A: b\r\nContent-Length: 2\r\n\r\n{}"));

        CallResult result = result(post("token=x"));

        assertThat(result).isInstanceOfSatisfying(CallResult.Answer.class, answer -> {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.headers().get("x-a")).isEqualTo("b");
            assertThat(answer.body()).asString(StandardCharsets.US_ASCII).isEqualTo("{}");
        });
        assertThat(peer.requests())
                .containsExactly("POST /introspect HTTP/1.1\r\nhost: 127.0.0.1:" + peer.port()
                        + "\r\nauthorization: Basic abc\r\ncontent-length: 7\r\n\r\ntoken=x");
    }

    @Test
    void staysOnTheLoopThatCalls() {
        UpstreamClient client = upstream.clients.get(1);

        String thread = client.loop()
                .submit(() -> caller.call(post("a"))
                        .thenApply(result -> Thread.currentThread().getName()))
                .syncUninterruptibly()
                .getNow()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();

        assertThat(thread)
                .isEqualTo(client.loop()
                        .submit(() -> Thread.currentThread().getName())
                        .syncUninterruptibly()
                        .getNow());
    }

    @Test
    void doesNotFollowRedirects() {
        peer.script(send("HTTP/1.1 307 Temporary Redirect\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"));

        assertThat(result(post("a")))
                .isInstanceOfSatisfying(
                        CallResult.Answer.class,
                        answer -> assertThat(answer.status()).isEqualTo(307));
        assertThat(peer.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate", "GZIP"})
    void undoesContentCodings(String coding) throws IOException {
        byte[] body = packed(coding, "hello ".repeat(1000));
        peer.script(connection -> connection.send(answer(coding, body)));

        expectBody("hello ".repeat(1000));
    }

    @ParameterizedTest
    @CsvSource({"199999,true", "200000,true", "200001,false"})
    void countsAfterDecoding(int length, boolean fits) throws IOException {
        byte[] body = packed("gzip", "x".repeat(length));
        peer.script(connection -> connection.send(answer("gzip", body)));

        if (fits) {
            expectBody("x".repeat(length));
        } else {
            expect(CallResult.Cause.TOO_LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"199999,true", "200000,true", "200001,false"})
    void countsPlainBodies(int length, boolean fits) {
        peer.script(send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length)));

        if (fits) {
            expectBody("x".repeat(length));
        } else {
            expect(CallResult.Cause.TOO_LARGE);
        }
    }

    @Test
    void refusesABomb() throws IOException {
        byte[] bomb = packed("gzip", "\0".repeat(50_000_000));
        peer.script(connection -> connection.send(answer("gzip", bomb)));

        expect(CallResult.Cause.TOO_LARGE);
    }

    @Test
    void refusesABrokenCoding() {
        peer.script(
                connection -> connection.send(answer("gzip", "not gzip at all".getBytes(StandardCharsets.US_ASCII))));

        expect(CallResult.Cause.MALFORMED);
    }

    @Test
    void refusesACodingThatBreaksOff() throws IOException {
        byte[] body = packed("gzip", "hello ".repeat(1000));
        byte[] half = Arrays.copyOf(body, body.length / 2);
        peer.script(connection -> connection.send(answer("gzip", half)));

        expect(CallResult.Cause.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "gzip, gzip"})
    void refusesUnknownCodings(String coding) {
        peer.script(connection -> connection.send(answer(coding, "x".getBytes(StandardCharsets.US_ASCII))));

        expect(CallResult.Cause.MALFORMED);
    }

    @Test
    void refusesWhenTheFirstByteIsLate() {
        peer.script(connection -> {});

        CallResult result = result(post(UpstreamFixture.at(peer), "a", Duration.ofMillis(200), LONG));

        assertThat(result).isEqualTo(new CallResult.Failed(CallResult.Cause.RESPONSE_TIMEOUT, true));
    }

    @Test
    void refusesWhenTheWholeAnswerIsLate() {
        peer.script(connection ->
                connection.drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000)));

        CallResult result = result(post(UpstreamFixture.at(peer), "a", LONG, Duration.ofMillis(400)));

        assertThat(result).isEqualTo(new CallResult.Failed(CallResult.Cause.RESPONSE_TIMEOUT, false));
    }

    @Test
    void replacesAStaleConnectionOnceUnseen() {
        UpstreamClient client = upstream.clients.get(0);
        PooledHttpCaller single = new PooledHttpCaller(List.of(client));
        peer.script(send(ScriptedPeer.OK), ScriptedPeer.Connection::close);
        single.call(post("a"))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();

        CallResult second = single.call(post("b"))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();

        assertThat(second).isInstanceOf(CallResult.Answer.class);
        assertThat(peer.requests()).hasSize(3);
    }

    @Test
    void closesItsConnectionAfterTheIdleTimeOfTheCall() {
        HttpCall usual = post("a");
        HttpCall brief = new HttpCall(
                usual.target(),
                usual.method(),
                usual.requestTarget(),
                usual.headers(),
                usual.body(),
                MAX_BYTES,
                LONG,
                LONG,
                LONG,
                Duration.ofMillis(100));

        result(brief);

        await().until(() -> !peer.connections().get(0).isOpen());
        assertThat(UpstreamFixture.limits().idleTimeout()).isGreaterThan(LONG);
    }

    @Test
    void refusesWhenAFreshConnectionIsClosed() {
        peer.script(ScriptedPeer.Connection::close);

        assertThat(result(post("a"))).isEqualTo(new CallResult.Failed(CallResult.Cause.RESET, true));
        assertThat(peer.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"20,true", "21,false"})
    void boundsInterimAnswers(int count, boolean fine) {
        peer.script(send("HTTP/1.1 102 Processing\r\n\r\n".repeat(count) + ScriptedPeer.OK));

        if (fine) {
            expectBody("hello");
        } else {
            expect(CallResult.Cause.MALFORMED);
        }
    }

    @Test
    void refusesALargeHead() {
        peer.script(send("HTTP/1.1 200 OK\r\nX-Big: " + "a".repeat(33_000) + "\r\nContent-Length: 0\r\n\r\n"));

        expect(CallResult.Cause.TOO_LARGE);
    }

    @Test
    void refusesABodyThatIsCutOff() {
        peer.script(sendAndClose("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"active\":true}"));

        expect(CallResult.Cause.TRUNCATED);
    }

    @Test
    void aSecondUnaskedAnswerNeverServesTheNextCall() {
        PooledHttpCaller single = new PooledHttpCaller(List.of(upstream.clients.get(0)));
        peer.script(send(ScriptedPeer.OK + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"));
        single.call(post("a"))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();

        CallResult second = single.call(post("b"))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();

        assertThat(second)
                .isInstanceOfSatisfying(
                        CallResult.Answer.class,
                        answer -> assertThat(answer.body())
                                .asString(StandardCharsets.US_ASCII)
                                .isEqualTo("hello"));
        await().untilAsserted(() -> assertThat(peer.connections()).hasSize(2));
    }

    @Test
    void refusesAFieldThatWouldStartANewLine() {
        HttpCall call = new HttpCall(
                UpstreamFixture.at(peer),
                HttpMethod.GET,
                "/",
                DefaultHttpHeadersFactory.headersFactory()
                        .withValidation(false)
                        .newHeaders()
                        .set("X-A", "b\r\nX-B: c"),
                new byte[0],
                MAX_BYTES,
                LONG,
                LONG,
                LONG);

        assertThat(result(call)).isEqualTo(new CallResult.Failed(CallResult.Cause.MALFORMED, true));
        assertThat(peer.requests()).isEmpty();
    }

    @Test
    void findsOutWhetherSomebodyAcceptsConnections() throws Exception {
        Target there = UpstreamFixture.at(peer);
        assertThat(caller.reaches(there, LONG).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isTrue();
        await().until(() -> peer.connections().size() == 1);

        peer.close();

        assertThat(caller.reaches(there, LONG).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isFalse();
        assertThat(caller.reaches(new Target("nobody.invalid", 80, null), LONG)
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isFalse();
    }
}
