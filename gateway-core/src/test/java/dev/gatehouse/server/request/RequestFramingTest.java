package dev.gatehouse.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.Refusal;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFramingTest {
    @Test
    void acceptsARequestWithoutBody() {
        RequestFraming framing = RequestFraming.of(request("GET", "host", "a"), 100);

        assertThat(framing).isEqualTo(new RequestFraming(null, 0));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "17,17", "999999999999999999,999999999999999999"})
    void readsTheLength(String text, long length) {
        RequestFraming framing = RequestFraming.of(request("POST", "host", "a", "content-length", text), 100);

        assertThat(framing.refusal()).isNull();
        assertThat(framing.length()).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1 ", "0x1", "1,1", "1e3", "1000000000000000000", "१"})
    void refusesALengthThatIsNoPlainNumber(String text) {
        assertThat(refusal("POST", "host", "a", "content-length", text)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void refusesTwoLengthsEvenWhenTheyAreEqual() {
        assertThat(refusal("POST", "host", "a", "content-length", "5", "content-length", "5"))
                .isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void readsAChunkedBody() {
        assertThat(RequestFraming.of(request("POST", "host", "a", "transfer-encoding", "Chunked"), 100)
                        .chunked())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, chunked", "chunked, chunked", "chunked;q=1", "xchunked", "identity", ""})
    void refusesEveryOtherTransferEncoding(String coding) {
        assertThat(refusal("POST", "host", "a", "transfer-encoding", coding)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void refusesALengthBesideATransferEncoding() {
        assertThat(refusal("POST", "host", "a", "transfer-encoding", "chunked", "content-length", "5"))
                .isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void refusesATransferEncodingInHttp10() {
        HttpRequest request = request("POST", "host", "a", "transfer-encoding", "chunked");
        request.setProtocolVersion(HttpVersion.HTTP_1_0);

        assertThat(RequestFraming.of(request, 100).refusal()).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "user@a", "a:b", "a:123456", "[::1", "[g::1]", "a,b", "a?b", "é"})
    void refusesAHostThatIsNoHost(String host) {
        assertThat(refusal("GET", "host", host)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:80", "a.example.com.", "127.0.0.1:8080", "[::1]", "[::1]:8080", "A_b-c~d"})
    void acceptsOrdinaryHosts(String host) {
        assertThat(refusal("GET", "host", host)).isNull();
    }

    @Test
    void refusesARequestWithoutHostOrWithTwo() {
        assertThat(refusal("GET")).isEqualTo(Refusal.BAD_REQUEST);
        assertThat(refusal("GET", "host", "a", "host", "a")).isEqualTo(Refusal.BAD_REQUEST);
    }

    @Test
    void acceptsHttp10WithoutHost() {
        HttpRequest request = request("GET");
        request.setProtocolVersion(HttpVersion.HTTP_1_0);

        assertThat(RequestFraming.of(request, 100).refusal()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "ICAP/1.0"})
    void refusesOtherVersions(String version) {
        HttpRequest request = request("GET", "host", "a");
        request.setProtocolVersion(HttpVersion.valueOf(version));

        assertThat(RequestFraming.of(request, 100).refusal()).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE"})
    void refusesMethodsThatHaveNoUseHere(String method) {
        assertThat(refusal(method, "host", "a")).isEqualTo(Refusal.METHOD_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\u0001b", "a\u007fb", "a\nb", "a\rb"})
    void refusesControlCharactersInValues(String value) {
        assertThat(refusal("GET", "host", "a", "x-a", value)).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x a", "x\ta", "x:a", "x(a", "é", "x\u0000"})
    void refusesNamesThatAreNoTokens(String name) {
        assertThat(refusal("GET", "host", "a", name, "1")).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,2"})
    void acceptsAsManyHeadersAsAllowed(int count, int most) {
        HttpRequest request = request("GET", "host", "a");
        for (int i = 1; i < count; i++) {
            request.headers().add("x-" + i, "1");
        }

        assertThat(RequestFraming.of(request, most).refusal()).isNull();
    }

    @Test
    void refusesOneHeaderTooMany() {
        assertThat(RequestFraming.of(request("GET", "host", "a", "x-1", "1", "x-2", "2"), 2)
                        .refusal())
                .isEqualTo(Refusal.HEADERS_TOO_LARGE);
    }

    private static @Nullable Refusal refusal(String method, String... headers) {
        return RequestFraming.of(request(method, headers), 100).refusal();
    }

    /** The codec's own validation is off: this check must hold without it. */
    private static HttpRequest request(String method, String... headers) {
        HttpRequest request = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(method),
                "/",
                DefaultHttpHeadersFactory.headersFactory().withValidation(false));
        for (int i = 0; i < headers.length; i += 2) {
            request.headers().add(headers[i], headers[i + 1]);
        }
        return request;
    }
}
