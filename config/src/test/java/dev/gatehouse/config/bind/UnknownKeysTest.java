package dev.gatehouse.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that nobody reads. */
final class UnknownKeysTest {
    record Inner(
            @Doc("x") @Default("h") String host,
            @Doc("x") @Default("80") int port) {}

    record Outer(
            @Doc("x") @Default("60") int ttl,
            @Doc("x") @Default("a") String word,
            @Doc("x") @Nullable Inner inner) {}

    record Open(
            @Doc("x") @Nullable List<String> scopes,
            @Doc("x") @Rest Map<String, @Nullable Object> settings) {}

    private final RecordFixture fixture = new RecordFixture();

    @ParameterizedTest
    @ValueSource(strings = {"tll", "Ttl", "ttl_", "t-t-l", "words", "wrod", "WORD", "wor"})
    void refusesNearMisses(String key) {
        fixture.bind(Outer.class, key + ": 1");

        assertThat(fixture.codes()).containsExactly("E0204");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "retries", "sword-fish"})
    void warnsOfOthers(String key) {
        assertThat(fixture.bind(Outer.class, key + ": 1")).isNotNull();
        assertThat(fixture.codes()).containsExactly("W0204");
    }

    @Test
    void ignoresNotes() {
        fixture.bound(Outer.class, "x-anything: 1\nx-: 2");
    }

    @Test
    void refusesKeysOfANestedLevel() {
        fixture.bind(Outer.class, "port: 80");

        assertThat(fixture.codes()).containsExactly("E0206");
        assertThat(fixture.problems().all().get(0).hints()).containsExactly("move 'port' inside 'inner'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scopes", "condition", "pipelines", "serviceEndpoints"})
    void refusesKeysOfAnOuterLevel(String key) {
        fixture.bind(Outer.class, key + ": 1");

        assertThat(fixture.codes()).containsExactly("E0206");
    }

    @Test
    void warnsOnlyWhenLenient() {
        assertThat(fixture.bind(Outer.class, "tll: 1\nscopes: 1", new BindOptions(true)))
                .isNotNull();
        assertThat(fixture.codes()).containsExactly("W0204", "W0206");
    }

    @Test
    void welcomesAllInAnOpenMapping() {
        Open open = fixture.bound(Open.class, "scopes: [a]\ncolour: red\nlist: [1]");

        assertThat(open.settings()).isEqualTo(Map.of("scopes", List.of("a"), "colour", "red", "list", List.of(1L)));
    }

    @Test
    void refusesNearMissesInAnOpenMapping() {
        fixture.bind(Open.class, "scops: [a]");

        assertThat(fixture.codes()).containsExactly("E0204");
    }
}
