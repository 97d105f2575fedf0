package dev.gatehouse.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Records that may be written as one value. */
final class ShorthandTest {
    enum Kind {
        LEFT,
        RIGHT
    }

    record Side(
            @Doc("x") @Shorthand Kind kind,
            @Doc("x") @Default("1") int weight) {}

    record Sides(
            @Doc("x") @Default("[left]") @OneOrMany List<Side> sides,
            @Doc("x") @Default("right") Side side) {}

    private final RecordFixture fixture = new RecordFixture();

    @Test
    void readsBothWaysOfWriting() {
        Sides sides = fixture.bound(Sides.class, "sides: [right, {kind: left, weight: 2}]\nside: {kind: left}");

        assertThat(sides.sides()).containsExactly(new Side(Kind.RIGHT, 1), new Side(Kind.LEFT, 2));
        assertThat(sides.side()).isEqualTo(new Side(Kind.LEFT, 1));
    }

    @Test
    void readsOneValueAsAListOfOne() {
        assertThat(fixture.bound(Sides.class, "sides: right").sides()).containsExactly(new Side(Kind.RIGHT, 1));
    }

    @Test
    void servesAsDefault() {
        Sides sides = fixture.bound(Sides.class, "{}");

        assertThat(sides.sides()).containsExactly(new Side(Kind.LEFT, 1));
        assertThat(sides.side()).isEqualTo(new Side(Kind.RIGHT, 1));
    }

    @Test
    void refusesAWrongValueAtItsPlace() {
        fixture.bind(Sides.class, "sides:\n  - right\n  - up\n  - [1]\n  - {kind: left, wieght: 2}");

        List<Problem> problems = fixture.problems().all();
        assertThat(fixture.messages())
                .containsExactly(
                        "'top.sides[1].kind': expected one of left, right, found \"up\"",
                        "'top.sides[2]': expected a mapping, found a list",
                        "'wieght' is not an option of 'top.sides[3]'");
        assertThat(problems.stream()
                        .map(problem -> Objects.requireNonNull(problem.span()).line()))
                .containsExactly(3, 4, 5);
    }
}
