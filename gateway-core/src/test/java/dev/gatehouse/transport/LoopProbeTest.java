package dev.gatehouse.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LoopProbeTest {
    @Test
    void noticesALoopThatDoesNotTurn() throws InterruptedException {
        EventLoopGroup loops = Transport.nio().group(2);
        CountDownLatch stuck = new CountDownLatch(1);
        LoopProbe probe = new LoopProbe(loops);
        assertThat(probe.turning().toCompletableFuture().join()).isTrue();

        loops.next().execute(() -> {
            try {
                stuck.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(probe.turning().toCompletableFuture().join()).isFalse();
        stuck.countDown();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void noticesLoopsThatAreGone() throws InterruptedException {
        EventLoopGroup loops = Transport.nio().group(1);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();

        assertThat(new LoopProbe(loops).turning().toCompletableFuture().join()).isFalse();
    }
}
