package dev.gatehouse.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.cli.demo.SelfTest.Calls;
import dev.gatehouse.cli.demo.SelfTest.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SelfTestTableTest {
    @Test
    void listsStepsInColumns() {
        List<Step> steps = List.of(
                new Step(1, "no token", "401", "401", 400_000L, new Calls(0, 0, "")),
                new Step(3, "same token again", "200", "200", 500_000L, new Calls(0, 0, "(cache)")),
                new Step(8, "authorization server down, new token", "503", "503", 1_100_000L, null),
                new Step(9, "server-sent events, first event", "< 50 ms", "6 ms", 6_000_000L, null));

        assertThat(SelfTestTable.lines(steps))
                .containsExactly(
                        "  step                                     expected  got   time     introspection calls",
                        "  1 no token                               401       401   0.4 ms   0",
                        "  3 same token again                       200       200   0.5 ms   0   (cache)",
                        "  8 authorization server down, new token   503       503   1.1 ms   -",
                        "  9 server-sent events, first event        < 50 ms   6 ms",
                        "  all 4 as expected");
    }

    @Test
    void marksWhatIsNotAsExpected() {
        List<Step> steps = List.of(
                new Step(1, "no token", "401", "200", 400_000L, new Calls(0, 0, "")),
                new Step(5, "callers", "200", "200", 400_000L, new Calls(1, 50, "(single flight)")),
                new Step(9, "events", "< 50 ms", "51 ms", 51_000_000L, null),
                new Step(9, "events", "< 50 ms", "no event", Long.MAX_VALUE, null));

        assertThat(SelfTestTable.lines(steps))
                .contains("  4 of 4 not as expected")
                .anySatisfy(line -> assertThat(line).contains("200 !"))
                .anySatisfy(line -> assertThat(line).contains("50 ! expected 1   (single flight)"))
                .anySatisfy(line -> assertThat(line).contains("no event !"));
    }
}
