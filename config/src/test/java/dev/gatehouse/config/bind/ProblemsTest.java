package dev.gatehouse.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProblemsTest {
    private final Span span = new Span(new Source("f", List.of("a: b")), 1, 1, 1, 2);

    @Test
    void keepsTheSameProblemOnce() {
        Problems problems = new Problems();

        problems.error("E0203", span, "a", "m");
        problems.error("E0203", span, "a", "m");
        problems.error("E0203", span, "a", "other");

        assertThat(problems.all()).hasSize(2);
    }

    @Test
    void keepsTheBetterReportOfAnUnsetVariable() {
        Problems problems = new Problems();

        problems.error("E0105", span, "a", "needs it");
        problems.error("E0105", span, "a", "must be a number");

        assertThat(problems.all()).extracting(Problem::message).containsExactly("must be a number");
    }

    @Test
    void hasErrorsOnlyWhenThereAreErrors() {
        Problems problems = new Problems();

        problems.warn("W0301", null, "", "m");
        assertThat(problems.hasErrors()).isFalse();

        problems.error("E0301", null, "", "m");
        assertThat(problems.hasErrors()).isTrue();
    }

    @Test
    void refusesWarningsWhenStrict() {
        Problems problems = new Problems(true);

        problems.warn("W0301", null, "", "m");

        assertThat(problems.hasErrors()).isTrue();
        assertThat(problems.all()).extracting(Problem::code).containsExactly("W0301");
    }
}
