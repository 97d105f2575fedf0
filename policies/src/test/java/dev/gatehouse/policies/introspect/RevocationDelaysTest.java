package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.introspect.RevocationDelays.Share;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RevocationDelaysTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RevocationDelays delays = new RevocationDelays();

    @Test
    void showTheLongestDelayThatIsInUse() {
        Share old = delays.open(meters, new RevocationDelays.Key("main", "as", 60));
        Share fresh = delays.open(meters, new RevocationDelays.Key("main", "as", 5));
        assertThat(value("main")).isEqualTo(60);

        old.close();
        assertThat(value("main")).isEqualTo(5);

        fresh.close();
        assertThat(gauge("main")).isNull();
    }

    @Test
    void forgetAConfigurationThatIsRefused() {
        delays.open(meters, new RevocationDelays.Key("main", "as", 5));

        delays.open(meters, new RevocationDelays.Key("main", "as", 600)).close();

        assertThat(value("main")).isEqualTo(5);
    }

    @Test
    void keepPipelinesApart() {
        delays.open(meters, new RevocationDelays.Key("one", "as", 5));
        delays.open(meters, new RevocationDelays.Key("two", "other", Double.POSITIVE_INFINITY));

        assertThat(value("one")).isEqualTo(5);
        assertThat(value("two")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(delays.longestOf("as")).isEqualTo(5);
        assertThat(delays.longestOf("other")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(delays.longestOf("none")).isNaN();
    }

    private double value(String pipeline) {
        Gauge gauge = gauge(pipeline);
        assertThat(gauge).isNotNull();
        return gauge == null ? Double.NaN : gauge.value();
    }

    private @Nullable Gauge gauge(String pipeline) {
        return meters.find("gateway.introspection.revocation.delay")
                .tag("pipeline", pipeline)
                .gauge();
    }
}
