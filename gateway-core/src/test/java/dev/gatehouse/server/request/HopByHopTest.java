package dev.gatehouse.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "HTTP2-Settings",
                "Expect"
            })
    void removesFieldsOfTheConnection(String name) {
        HttpHeaders headers = new DefaultHttpHeaders().add(name, "x").add(name, "y");

        HopByHop.strip(headers);

        assertThat(headers).isEmpty();
    }

    @Test
    void removesWhatConnectionNames() {
        HttpHeaders headers = new DefaultHttpHeaders()
                .add("Connection", "close, X-A ,x-b")
                .add("Connection", "x-c")
                .add("x-a", "1")
                .add("X-B", "1")
                .add("x-c", "1")
                .add("x-d", "1");

        HopByHop.strip(headers);

        assertThat(headers.names()).containsExactly("x-d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "Authorization", "content-length", "Cookie"})
    void keepsWhatDecisionsRestOn(String name) {
        HttpHeaders headers = new DefaultHttpHeaders().add("connection", name).add(name, "1");

        HopByHop.strip(headers);

        assertThat(headers.get(name)).isEqualTo("1");
    }
}
