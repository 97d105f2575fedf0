package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.leak.LeakCheck;
import io.netty.util.ResourceLeakDetectorFactory;
import org.junit.jupiter.api.Test;

/** The leak check of the engine's tests comes with its test jar; nothing in this module would tell if it did not. */
final class LeakCheckTest {
    @Test
    void watchesTheTestsOfThisModuleToo() {
        assertThat(ResourceLeakDetectorFactory.instance().getClass().getNestHost())
                .isEqualTo(LeakCheck.class);
    }
}
