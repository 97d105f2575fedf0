package dev.gatehouse.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder takes and what it does not, byte by byte and in one piece. */
class ResponseDecoderTest {
    private static final int MAX_HEADER_BYTES = 1024;

    /** A response as it was read: status, body, trailers, whether anything failed, whether bytes were left. */
    private record Read(int status, String body, String trailers, boolean complete, boolean failed, boolean surplus) {}

    private static Read read(String bytes, boolean toHead, boolean inPieces, boolean close) {
        ResponseDecoder decoder = new ResponseDecoder(MAX_HEADER_BYTES);
        decoder.expect(toHead);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        int piece = inPieces ? 1 : bytes.length();
        List<HttpObject> objects = new ArrayList<>();
        for (int i = 0; i < bytes.length(); i += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes.substring(i, i + piece), StandardCharsets.ISO_8859_1));
            drain(channel, objects);
        }
        if (close) {
            channel.finish();
            drain(channel, objects);
        }
        Read read = sum(objects, decoder.surplusSeen());
        objects.forEach(ReferenceCountUtil::release);
        channel.finishAndReleaseAll();
        return read;
    }

    private static void drain(EmbeddedChannel channel, List<HttpObject> objects) {
        HttpObject object;
        while ((object = channel.readInbound()) != null) {
            objects.add(object);
        }
    }

    private static Read sum(List<HttpObject> objects, boolean surplus) {
        int status = -1;
        StringBuilder body = new StringBuilder();
        String trailers = "";
        boolean complete = false;
        boolean failed = false;
        for (HttpObject object : objects) {
            failed |= object.decoderResult().isFailure();
            if (object instanceof HttpResponse head && !failed) {
                status = head.status().code();
                complete = false;
            }
            if (object instanceof HttpContent content) {
                ByteBuf data = content.content();
                body.append(data.toString(StandardCharsets.ISO_8859_1));
            }
            if (object instanceof LastHttpContent last && !failed) {
                complete = true;
                trailers = String.join(",", last.trailingHeaders().names());
            }
        }
        return new Read(status, body.toString(), trailers, complete, failed, surplus);
    }

    static List<String> goodResponses() {
        return List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 005\r\n\r\nhello",
                "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n0\r\n\r\n",
                // RFC 9112 section 5.2 lets a gateway unfold; the decoder does it with one space.
                "HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    }

    @ParameterizedTest
    @MethodSource("goodResponses")
    void readsWellFormedResponses(String response) {
        for (boolean inPieces : new boolean[] {false, true}) {
            Read read = read(response, false, inPieces, false);

            assertThat(read.failed()).isFalse();
            assertThat(read.complete()).isTrue();
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.body()).isEqualTo("hello");
            assertThat(read.surplus()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void readsResponsesWithoutABody(String response) {
        Read read = read(response, false, true, false);

        assertThat(read.complete()).isTrue();
        assertThat(read.failed()).isFalse();
        assertThat(read.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""})
    void readsAnswersToHeadWithoutABody(String framing) {
        Read read = read("HTTP/1.1 200 OK\r\n" + framing + "\r\n", true, true, false);

        assertThat(read.complete()).isTrue();
        assertThat(read.failed()).isFalse();
    }

    @Test
    void readsABodyThatEndsAtTheClose() {
        Read read = read("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello", false, true, true);

        assertThat(read.complete()).isTrue();
        assertThat(read.body()).isEqualTo("hello");
    }

    @Test
    void readsTrailers() {
        Read read = read(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
                false,
                true,
                false);

        assertThat(read.complete()).isTrue();
        assertThat(read.trailers()).isEqualTo("X-Sum");
    }

    static List<String> badResponses() {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return List.of(
                // Status line
                "SSH-2.0-OpenSSH_9.2\r\nxxxx\r\n\r\n",
                "HTTP/1.1 99x OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 99 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 -20 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n",
                "RTSP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 +200 OK\r\nContent-Length: 0\r\n\r\n",
                // Length
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 60\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 60\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5_0\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: \u00b25\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999999\r\n\r\nhello",
                // Codings
                "HTTP/1.1 200 OK\r\nContent-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 30\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: \r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 102 Processing\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 102 Processing\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                // Fields
                "HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nX-A: b\rX-Injected: 1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\u0000c\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nnocolon\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n X-A: b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: empty\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nX-A: b\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Big: " + "a".repeat(MAX_HEADER_BYTES) + "\r\nContent-Length: 0\r\n\r\n",
                // Chunks
                chunked + "zz\r\nhello\r\n0\r\n\r\n",
                chunked + "-5\r\nhello\r\n0\r\n\r\n",
                chunked + "+5\r\nhello\r\n0\r\n\r\n",
                chunked + "0x5\r\nhello\r\n0\r\n\r\n",
                chunked + " 5\r\nhello\r\n0\r\n\r\n",
                chunked + "5 \r\nhello\r\n0\r\n\r\n",
                chunked + "\r\nhello\r\n0\r\n\r\n",
                chunked + "5\nhello\r\n0\r\n\r\n",
                chunked + "5\r\nhelloX\r\n0\r\n\r\n",
                chunked + "5\r\nhello\n0\r\n\r\n",
                chunked + "5\r\nhello\r\n0\n\r\n",
                chunked + "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
                chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n",
                chunked + "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                chunked + "80000000\r\nhello\r\n0\r\n\r\n",
                chunked + "5\r\nhello\r\n0\r\nX-A: b\nX-B: c\r\n\r\n",
                chunked + "5\r\nhello\r\n0\r\nX-A: b\u0000\r\n\r\n",
                chunked + "5\r\nhello\r\n0\r\nX-Big: " + "a".repeat(MAX_HEADER_BYTES) + "\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("badResponses")
    void refusesEverythingElse(String response) {
        for (boolean inPieces : new boolean[] {false, true}) {
            Read read = read(response, false, inPieces, false);

            assertThat(read.failed())
                    .as("failed, in pieces: %s, read: %s", inPieces, read)
                    .isTrue();
            assertThat(read.complete())
                    .as("complete, in pieces: %s, read: %s", inPieces, read)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\r\n", "\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"})
    void dropsWhatFollowsAResponse(String surplus) {
        for (boolean inPieces : new boolean[] {false, true}) {
            Read read = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" + surplus, false, inPieces, false);

            assertThat(read.surplus()).isTrue();
            assertThat(read.body()).isEqualTo("hello");
        }
    }
}
