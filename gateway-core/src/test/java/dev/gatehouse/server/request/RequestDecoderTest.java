package dev.gatehouse.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.ServerFixture;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {
    private static final String PLAIN = "GET /plain HTTP/1.1\r\nHost: a\r\nX: 1 2\r\n\r\n";
    private static final String LENGTH =
            "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\n \ta\r\n b\r\n\tc\r\n\r\n ";
    private static final String CHUNKS = "6\r\n a\r\n b\r\n3\r\n\r\n\t\r\n0\r\nT: 1\r\n\r\n";
    private static final String CHUNKED =
            "POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nAuthorization: Bearer\r\n token\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\n\ttoken\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n \r\n\r\n",
                "GET / HTTP/1.1\r\n X: 1\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 1\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"
            })
    void refusesAFoldedLineWhereverThePacketsAreCut(String folded) {
        for (int cut = 1; cut < folded.length(); cut++) {
            assertThat(readable(folded.substring(0, cut), folded.substring(cut)))
                    .as("cut at %d", cut)
                    .startsWith("refused");
        }
        assertThat(readable(folded.split(""))).startsWith("refused");
        assertThat(readable(PLAIN + LENGTH + folded)).startsWith("/plain", "/length", "refused");
        assertThat(readable(CHUNKED, folded)).startsWith("/chunked", "refused");
    }

    @Test
    void looksForNoFoldInBodies() {
        String all = LENGTH + CHUNKED + PLAIN + LENGTH + "\r\n" + PLAIN + CHUNKED;
        String[] expected = {"/length", "/chunked", "/plain", "/length", "/plain", "/chunked"};

        for (int cut = 1; cut < all.length(); cut++) {
            assertThat(readable(all.substring(0, cut), all.substring(cut)))
                    .as("cut at %d", cut)
                    .containsExactly(expected);
        }
        assertThat(readable(all)).containsExactly(expected);
        assertThat(readable(all.split(""))).containsExactly(expected);
    }

    @Test
    void tellsWhenBytesArrive() {
        List<String> told = new ArrayList<>();
        EmbeddedChannel channel =
                new EmbeddedChannel(new RequestDecoder(ServerFixture.limits(Map.of()), () -> told.add("bytes")));

        channel.writeInbound(Unpooled.copiedBuffer("GET", StandardCharsets.US_ASCII));
        channel.finishAndReleaseAll();

        assertThat(told).containsExactly("bytes");
    }

    /** The target of each request, or {@code refused}. */
    private static List<String> readable(String... packets) {
        EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(ServerFixture.limits(Map.of()), () -> {}));
        for (String packet : packets) {
            channel.writeInbound(Unpooled.copiedBuffer(packet, StandardCharsets.US_ASCII));
        }
        List<String> requests = new ArrayList<>();
        for (HttpObject object = channel.readInbound(); object != null; object = channel.readInbound()) {
            if (object instanceof HttpRequest request) {
                requests.add(request.decoderResult().isSuccess() ? request.uri() : "refused");
            } else {
                assertThat(object.decoderResult().isSuccess() || object instanceof LastHttpContent)
                        .isTrue();
            }
            ReferenceCountUtil.release(object);
        }
        channel.finishAndReleaseAll();
        return requests;
    }
}
