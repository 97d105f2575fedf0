package dev.gatehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpCallTest {
    @Test
    void tellsWhomItAsksAndNoCredential() {
        HttpCall call = new HttpCall(
                new Target("login.example.com", 8443, null),
                HttpMethod.POST,
                "/introspect?key=secret-1",
                new DefaultHttpHeaders().add("authorization", "Basic secret-2"),
                "token=secret-3".getBytes(StandardCharsets.US_ASCII),
                1000,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));

        assertThat(call).hasToString("POST login.example.com:8443/introspect");
    }
}
