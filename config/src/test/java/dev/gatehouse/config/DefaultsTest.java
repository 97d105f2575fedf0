package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.tls.HttpsOptions;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is in force when nothing is written. A change here is a change for everybody who upgrades. */
final class DefaultsTest {
    private static <C extends Record> C defaults(Class<C> type) {
        Problems problems = new Problems();
        Span nowhere = new Span(new Source("f", List.of()), 1, 1, 1, 1);
        C bound = new RecordBinder(problems, BindOptions.DEFAULT).bind(null, nowhere, "", "x", type);
        assertThat(problems.all()).isEmpty();
        return Objects.requireNonNull(bound);
    }

    @Test
    void ofLimits() {
        assertThat(defaults(LimitsConfig.class))
                .isEqualTo(new LimitsConfig(
                        8192,
                        32_768,
                        100,
                        null,
                        1_048_576,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        10_000,
                        Duration.ofSeconds(10),
                        10_000,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        65_536,
                        200,
                        512,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5)));
    }

    @Test
    void ofListeners() {
        assertThat(defaults(HttpConfig.class)).isEqualTo(new HttpConfig(0, null));
        assertThat(defaults(AdminConfig.class)).isEqualTo(new AdminConfig(9876, "localhost"));
        assertThat(defaults(ConfigReader.Ops.class)).isEqualTo(new ConfigReader.Ops(9877, "127.0.0.1"));
        HttpsReader.Section https = defaults(HttpsReader.Section.class);
        assertThat(https.port()).isZero();
        assertThat(https.hostname()).isNull();
        assertThat(https.tls()).isNull();
        assertThat(https.options()).isNull();
        assertThat(defaults(HttpsOptions.class))
                .isEqualTo(new HttpsOptions(false, true, null, null, null, true, null, null, null));
    }

    @Test
    void ofTheRest() {
        assertThat(defaults(CompatConfig.class))
                .isEqualTo(new CompatConfig(
                        CompatConfig.Status.STANDARD,
                        CompatConfig.Bodies.AUTO,
                        false,
                        CompatConfig.UnknownKeys.STRICT));
        assertThat(defaults(LogConfig.class)).isEqualTo(new LogConfig(LogConfig.Access.AUTO, false, false));
        assertThat(defaults(ShutdownConfig.class)).isEqualTo(new ShutdownConfig(Duration.ZERO, Duration.ofSeconds(25)));
    }
}
