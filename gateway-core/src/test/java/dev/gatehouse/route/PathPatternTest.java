package dev.gatehouse.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @ParameterizedTest(name = "{0} ~ {1}")
    @CsvFileSource(resources = "/route/paths.csv", delimiter = ' ', numLinesToSkip = 1, quoteCharacter = '"')
    void matchesAsExpressFour(String pattern, String path, boolean matches, String parameters) {
        PathPattern compiled = PathPattern.express(pattern);

        assertThat(compiled.matches(path, path.length())).isEqualTo(matches);
        assertThat(text(compiled.captures(path).parameters())).isEqualTo(parameters.equals("-") ? "" : parameters);
    }

    @ParameterizedTest(name = "{0} ~ {1}")
    @CsvFileSource(resources = "/route/paths.csv", delimiter = ' ', numLinesToSkip = 1, quoteCharacter = '"')
    void givesTheSameResultWithoutItsFastPath(String pattern, String path, boolean matches, String parameters) {
        PathPattern compiled = ExpressSyntax.regex(pattern, ExpressSyntax.normalise(pattern));

        assertThat(compiled.matches(path, path.length())).isEqualTo(matches);
        assertThat(text(compiled.captures(path).parameters())).isEqualTo(parameters.equals("-") ? "" : parameters);
    }

    @ParameterizedTest(name = "{0} ~ {1}")
    @CsvFileSource(resources = "/route/paths.csv", delimiter = ' ', numLinesToSkip = 1, quoteCharacter = '"')
    void looksNoFurtherThanThePath(String pattern, String path, boolean matches, String parameters) {
        assertThat(PathPattern.express(pattern).matches(path + "?q=/x", path.length()))
                .isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} ~ {1}")
    @CsvFileSource(resources = "/route/paths.csv", delimiter = ' ', numLinesToSkip = 1, quoteCharacter = '"')
    void beginsWithItsLiteral(String pattern, String path, boolean matches, String parameters) {
        String literal = PathPattern.express(pattern).literal();

        assertThat(!matches || path.regionMatches(true, 0, literal, 0, literal.length()))
                .isTrue();
    }

    private static String text(Map<String, String> parameters) {
        StringBuilder out = new StringBuilder();
        new TreeMap<>(parameters)
                .forEach((name, value) -> out.append(out.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(value));
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1, Literal",
        "/ts/, Literal",
        "/bill*, Prefix",
        "*, Prefix",
        "/user/:id, Segments",
        "/user/:id/:opt?, Segments",
        "/u/:id/x*, Segments",
        "/a b, Literal",
        "/m/:x*, Regex",
        "/ab?cd, Regex",
        "/f/:name.:ext, Regex",
        "/w/*/z, StarPath",
        "*/end, StarPath",
        "/a*b//, Regex",
    })
    void takesTheFastPathForWhatPeopleWrite(String pattern, String kind) {
        assertThat(PathPattern.express(pattern).getClass().getSimpleName()).isEqualTo(kind);
    }

    @ParameterizedTest(name = "{0} cuts {2} of {1}")
    @CsvSource({
        "/api/v1, /api/v1, 7",
        "/api, /api/, 4",
        "/api/v1/*, /api/v1/a/b, 8",
        "/u/:id/x, /u/42/x, 2",
        "/bill*, /billing/a, 5",
        "*, /any, 0",
        "/opt/:x?, /opt, 4",
        "/opt/:x?, /opt/1, 4",
        "/a(b)?c/*, /ac/1, 4",
        "/a(b)?c/*, /abc/1, 5",
        "/ab?cd, /acd, 4",
        "/:tenant/api/*, /acme/api/x, 0",
        "/a|/b, /a, 0",
    })
    void tellsHowMuchItsFixedPartMatched(String pattern, String path, int cut) {
        assertThat(PathPattern.express(pattern).captures(path).prefix()).isEqualTo(cut);
    }

    @Test
    void doesNotTryManyWaysForManyStars() {
        PathPattern pattern = PathPattern.express("/*a*a*a*a*a*b");
        String path = "/" + "a".repeat(8000);

        assertTimeout(
                Duration.ofSeconds(2),
                () -> assertThat(pattern.matches(path, path.length())).isFalse());
    }

    @Test
    void givesStarsWhatAGreedyRegularExpressionGives() {
        Random random = new Random(5);
        for (int i = 0; i < 3_000; i++) {
            String pattern = "/" + text(random, "ab/**", 1 + random.nextInt(7));
            String path = "/" + text(random, "ab/", random.nextInt(9));
            PathPattern reference = ExpressSyntax.regex(pattern, pattern);
            PathPattern compiled = PathPattern.express(pattern);

            assertThat(compiled.matches(path, path.length()))
                    .as("%s ~ %s", pattern, path)
                    .isEqualTo(reference.matches(path, path.length()));
            assertThat(compiled.captures(path).parameters())
                    .as("%s ~ %s", pattern, path)
                    .isEqualTo(reference.captures(path).parameters());
        }
    }

    private static String text(Random random, String alphabet, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a(b", "/x/:id([)"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> PathPattern.express(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Nested
    class Search {
        @ParameterizedTest(name = "{0} ~ {1}")
        @CsvSource({
            "/id-[0-9]{3}, /zz/id-123/cat, true, ''",
            "^/rx/v[0-9]+/, /rx/v1/users, true, /rx/v",
            "^/rx/v[0-9]+/, /RX/v1/, false, /rx/v",
            "^/rxend/(a|b)$, /rxend/b, true, /rxend/",
            "^/rxend/(a|b)$, /rxend/a/, false, /rxend/",
            "^/a|/b, /x/b, true, ''",
            "^/ab?c, /ac, true, /a",
            "^/a.c, /abc, true, /",
            "^\\/esc\\/x, /esc/x, true, /esc/x",
            "^/a\\(|b, /xb, true, ''",
        })
        void searchesWithTheCaseOfTheLetters(String regex, String path, boolean matches, String literal) {
            PathPattern pattern = PathPattern.search(regex);

            assertThat(pattern.matches(path, path.length())).isEqualTo(matches);
            assertThat(pattern.literal()).isEqualTo(literal);
            assertThat(pattern.text()).isNull();
        }

        @Test
        void namesItsGroups() {
            PathPattern pattern = PathPattern.search("^/(?<kind>[a-z]+)/(?:x)?([0-9]+)");

            assertThat(pattern.captures("/cat/17").parameters())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("kind", "cat", "0", "17"));
            assertThat(pattern.captures("/cat/17").prefix()).isZero();
        }
    }
}
