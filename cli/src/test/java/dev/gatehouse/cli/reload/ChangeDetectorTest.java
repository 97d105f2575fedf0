package dev.gatehouse.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.cli.reload.ChangeDetector.Advice;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChangeDetectorTest {
    private static final Path FILE = Path.of("/etc/gateway.config.yml");

    private final ChangeDetector detector = new ChangeDetector(content("one"));
    private long now = -5_000;

    @Test
    void doesNothingWhileNothingChanges() {
        assertThat(look("one", 10_000)).isEqualTo(Advice.NOTHING);
    }

    @Test
    void waitsUntilTheWriterPauses() {
        assertThat(look("t", 0)).isEqualTo(Advice.LOOK_AGAIN);
        assertThat(look("tw", 200)).isEqualTo(Advice.LOOK_AGAIN);
        assertThat(look("two", 200)).isEqualTo(Advice.LOOK_AGAIN);
        assertThat(look("two", 249)).isEqualTo(Advice.LOOK_AGAIN);
        assertThat(look("two", 1)).isEqualTo(Advice.TRY);
    }

    @Test
    void triesAFailureOnceMoreWhenItIsFirm() {
        look("half", 0);
        assertThat(look("half", 250)).isEqualTo(Advice.TRY);
        detector.hold();

        assertThat(look("half", 250)).isEqualTo(Advice.LOOK_AGAIN);
        assertThat(look("half", 499)).isEqualTo(Advice.LOOK_AGAIN);
        assertThat(look("half", 1)).isEqualTo(Advice.ACT);
    }

    @Test
    void forgetsAFailureWhenTheWriterGoesOn() {
        look("half", 0);
        look("half", 250);
        detector.hold();

        assertThat(look("whole", 100)).isEqualTo(Advice.LOOK_AGAIN);
        assertThat(look("whole", 250)).isEqualTo(Advice.TRY);
    }

    @Test
    void actsOnceOnOneContent() {
        look("two", 0);
        look("two", 250);
        detector.settle();

        assertThat(look("two", 5_000)).isEqualTo(Advice.NOTHING);
        assertThat(look("one", 0)).isEqualTo(Advice.LOOK_AGAIN);
    }

    @Test
    void doesNothingWhenAChangeIsTakenBackInTime() {
        look("two", 0);

        assertThat(look("one", 100)).isEqualTo(Advice.NOTHING);
    }

    @Test
    void namesTheFilesThatChanged() {
        look("two", 0);

        assertThat(detector.changed()).isEqualTo(Set.of(FILE));
    }

    private Advice look(String text, long millisLater) {
        now += TimeUnit.MILLISECONDS.toNanos(millisLater);
        return detector.look(content(text), now);
    }

    private static Contents content(String text) {
        return new Contents(Map.of(FILE, text));
    }
}
