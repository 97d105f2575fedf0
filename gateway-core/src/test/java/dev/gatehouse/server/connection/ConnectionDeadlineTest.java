package dev.gatehouse.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.connection.ConnectionDeadline.Wait;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionDeadlineTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Wait> expired = new ArrayList<>();
    private long now;
    private ConnectionDeadline deadline;

    @BeforeEach
    void prepare() {
        channel.freezeTime();
        deadline = new ConnectionDeadline(channel.eventLoop(), () -> now, expired::add);
    }

    @Test
    void expiresWhenItsTimeHasPassed() {
        deadline.await(Wait.HEAD, Duration.ofSeconds(10));

        pass(9);
        assertThat(expired).isEmpty();
        pass(1);

        assertThat(expired).containsExactly(Wait.HEAD);
    }

    @Test
    void isNotRenewedByTheSameWait() {
        deadline.await(Wait.HEAD, Duration.ofSeconds(10));
        pass(6);
        deadline.await(Wait.HEAD, Duration.ofSeconds(10));
        pass(4);

        assertThat(expired).containsExactly(Wait.HEAD);
    }

    @Test
    void sleepsOnWhenItMovedLater() {
        deadline.await(Wait.NEXT_REQUEST, Duration.ofSeconds(10));
        pass(6);
        deadline.clear();
        deadline.await(Wait.NEXT_REQUEST, Duration.ofSeconds(10));
        pass(9);
        assertThat(expired).isEmpty();
        pass(1);

        assertThat(expired).containsExactly(Wait.NEXT_REQUEST);
    }

    @Test
    void expiresEarlierWhenItMovedEarlier() {
        deadline.await(Wait.NEXT_REQUEST, Duration.ofSeconds(60));
        deadline.await(Wait.HEAD, Duration.ofSeconds(10));
        pass(10);

        assertThat(expired).containsExactly(Wait.HEAD);
    }

    @Test
    void staysSilentWhenNothingIsAwaited() {
        deadline.await(Wait.HEAD, Duration.ofSeconds(10));
        deadline.clear();
        pass(20);

        assertThat(expired).isEmpty();
    }

    @Test
    void waitsAnewForTheSameOnceItHasExpired() {
        deadline.await(Wait.HEAD, Duration.ofSeconds(10));
        pass(10);
        deadline.await(Wait.HEAD, Duration.ofSeconds(10));
        pass(10);

        assertThat(expired).containsExactly(Wait.HEAD, Wait.HEAD);
    }

    private void pass(long seconds) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        now += nanos;
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }
}
