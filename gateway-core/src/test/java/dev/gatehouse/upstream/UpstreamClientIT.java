package dev.gatehouse.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.upstream.reach.UpstreamFault;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpstreamClientIT {
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

    @Test
    void sendsARequestAndStreamsTheResponse() {
        RecordedCall call =
                upstream.get(UpstreamFixture.plan(UpstreamFixture.at(peer))).await();

        assertThat(call.events).containsExactly("started", "ready", "head 200", "end");
        assertThat(call.text()).isEqualTo("hello");
        assertThat(peer.requests()).containsExactly("GET /path?q=1 HTTP/1.1\r\nhost: service.test\r\n\r\n");
    }

    @Test
    void usesAConnectionAgain() {
        upstream.get(UpstreamFixture.plan(UpstreamFixture.at(peer))).await();
        upstream.send(HttpMethod.POST, "data", UpstreamFixture.plan(UpstreamFixture.at(peer)))
                .await();

        assertThat(peer.connections()).hasSize(1);
        assertThat(peer.requests()).hasSize(2);
    }

    @Test
    void sendsABodyThatIsLargerThanTheBuffers() {
        RecordedCall call =
                upstream.send(HttpMethod.POST, "x".repeat(1_000_000), UpstreamFixture.plan(UpstreamFixture.at(peer)));

        assertThat(call.await().status()).isEqualTo(200);
        assertThat(peer.requests().get(0)).hasSizeGreaterThan(1_000_000);
    }

    @Test
    void refusesWhenThePortIsClosed() {
        peer.close();

        UpstreamFault fault =
                upstream.get(UpstreamFixture.plan(UpstreamFixture.at(peer))).awaitFault();

        assertThat(fault).isEqualTo(UpstreamFault.REFUSED);
    }
}
