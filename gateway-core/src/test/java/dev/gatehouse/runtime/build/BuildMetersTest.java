package dev.gatehouse.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuildMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BuildMeters meters = new BuildMeters(registry);

    @Test
    void removesWhatARefusedBuildRegisteredAndNothingElse() {
        registry.counter("before").increment();
        meters.begin();
        registry.counter("before").increment();
        registry.counter("new");

        meters.undo();

        assertThat(registry.getMeters())
                .singleElement()
                .satisfies(meter -> assertThat(meter.getId().getName()).isEqualTo("before"));
        assertThat(registry.counter("before").count()).isEqualTo(2);
    }

    @Test
    void leavesAloneWhatOtherThreadsRegisterMeanwhile() throws InterruptedException {
        meters.begin();
        Thread loop = new Thread(() -> registry.counter("of.a.loop"));
        loop.start();
        loop.join();

        meters.undo();

        assertThat(registry.find("of.a.loop").counter()).isNotNull();
    }

    @Test
    void keepsWhatIsInForce() {
        meters.begin();
        registry.counter("new");
        meters.keep();

        meters.begin();
        meters.undo();

        assertThat(registry.find("new").counter()).isNotNull();
    }

    @Test
    void removesTheMetersOfPipelinesThatAreGone() {
        registry.counter("denials", "pipeline", "old");
        registry.counter("denials", "pipeline", "kept");
        registry.counter("process");

        meters.retain(Set.of("kept"));

        assertThat(registry.find("denials").tag("pipeline", "old").counter()).isNull();
        assertThat(registry.find("denials").tag("pipeline", "kept").counter()).isNotNull();
        assertThat(registry.find("process").counter()).isNotNull();
    }
}
