package dev.gatehouse.leak;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void failsTheTestThatKeepsABuffer() {
        LeakCheck.begin("leaky");
        ByteBuf kept = PooledByteBufAllocator.DEFAULT.buffer();

        try {
            assertThatThrownBy(() -> LeakCheck.check(Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("leaky");
        } finally {
            assertThatThrownBy(kept::release).hasMessageContaining("leaky");
        }
    }

    @Test
    void acceptsWhatIsReleased() {
        LeakCheck.begin("tidy");
        PooledByteBufAllocator.DEFAULT.buffer().release();

        assertThatCode(() -> LeakCheck.check(Duration.ZERO)).doesNotThrowAnyException();
    }
}
