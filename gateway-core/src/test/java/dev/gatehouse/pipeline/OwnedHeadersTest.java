package dev.gatehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnedHeadersTest {
    private static final int REQUESTS = 20_000;
    private static final long MOST_BYTES = 64; // an iterator

    private final OwnedHeaders owned = new OwnedHeaders(List.of("X-User"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eg-consumer-id",
                "EG-Consumer-Id",
                "eg_consumer_id",
                "Eg.Consumer.Id",
                "x-user",
                "X_USER",
                "x.user"
            })
    void removesWhatOnlyTheGatewayMaySet(String name) {
        HttpHeaders headers = new DefaultHttpHeaders().add(name, "a").add(name, "b");

        HttpHeaders removed = owned.strip(headers);

        assertThat(headers).isEmpty();
        assertThat(removed.getAll(name)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-users", "e", "eg", "egg", "x_other", "accept", "xuser"})
    void keepsEverythingElse(String name) {
        HttpHeaders headers = new DefaultHttpHeaders().add(name, "a");

        owned.strip(headers);

        assertThat(headers.get(name)).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "AB"})
    void removesNamesShorterThanThePrefix(String name) {
        HttpHeaders headers = new DefaultHttpHeaders().add(name, "a");

        new OwnedHeaders(List.of("aB")).strip(headers);

        assertThat(headers).isEmpty();
    }

    /** Every request pays for this, whether or not it forges a field. The number is exact, unlike a time. */
    @Test
    void copiesNoNameOfAnOrdinaryRequest() {
        HttpHeaders headers = new DefaultHttpHeaders()
                .add("Host", "api.example.com")
                .add("User-Agent", "curl/8.5.0")
                .add("Accept", "*/*")
                .add("Authorization", "Bearer t")
                .add("X-Used", "1");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        strip(headers);
        long before = threads.getCurrentThreadAllocatedBytes();
        strip(headers);
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / REQUESTS;

        assertThat(headers).hasSize(5);
        assertThat(bytes).as("bytes per request").isLessThanOrEqualTo(MOST_BYTES);
    }

    private void strip(HttpHeaders headers) {
        for (int i = 0; i < REQUESTS; i++) {
            owned.strip(headers);
        }
    }
}
