package dev.gatehouse.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPatternTest {
    @ParameterizedTest(name = "{0} ~ {1}")
    @CsvSource({
        "api.example.com, api.example.com, true",
        "api.example.com, API.Example.COM, true",
        "UPPER.Example.com, upper.example.com, true",
        "api.example.com, apiXexample.com, false",
        "api.example.com, www.api.example.com, false",
        "api.example.com, api.example.com.evil.test, false",
        "*.acme.com, x.acme.com, true",
        "*.acme.com, acme.com, false",
        "*.acme.com, .acme.com, false",
        "*.acme.com, a.b.acme.com, false",
        "a.*.mid.com, a.x.mid.com, true",
        "a.*.mid.com, a..mid.com, false",
        "p*x.com, pax.com, true",
        "p*x.com, px.com, false",
        "p*x.com, p.x.com, false",
        "*.*.multi.example.com, a.b.multi.example.com, true",
        "*.*.multi.example.com, a.multi.example.com, false",
        "svc-*.pods.example.com, svc-42.pods.example.com, true",
        "svc-*.pods.example.com, svc.pods.example.com, false",
        "svc-*.pods.example.com, svc-4.2.pods.example.com, false",
        "port.com:8080, port.com, false",
        "[::1], [::1], true",
    })
    void matchesWholeNames(String pattern, String name, boolean matches) {
        assertThat(HostPattern.of(pattern).matches(name, name.length())).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} names {1} characters")
    @CsvSource({
        "example.com, 11",
        "example.com:8443, 11",
        "example.com., 11",
        "example.com.:80, 11",
        "[::1]:8080, 5",
        "[::1], 5",
        ".:80, 1",
        "'', 0",
    })
    void takesTheNameOutOfTheField(String field, int length) {
        assertThat(HostPattern.nameLength(field)).isEqualTo(length);
    }

    @Test
    void matchesARequestWithoutHostOnlyIfEveryHostIsMeant() {
        assertThat(HostPattern.of("*").matches(null, 0)).isTrue();
        assertThat(HostPattern.of("*.com").matches(null, 0)).isFalse();
        assertThat(HostPattern.regex(".*").matches(null, 0)).isFalse();
    }

    @ParameterizedTest(name = "{0} ~ {1}")
    @CsvSource({
        "[a-z]{3}\\.rx\\.example\\.com, ABC.rx.example.com, true",
        "[a-z]{3}\\.rx\\.example\\.com, abcd.rx.example.com, false",
        "[a-z]{3}\\.rx\\.example\\.com, abc.rx.example.com.evil.test, false",
        "^(one|two)\\.alt\\.example\\.com$, two.alt.example.com, true",
        "foo|bar.com, foo, true",
        "foo|bar.com, foobaz, false",
        "foo|bar.com, xbar.com, false",
    })
    void anchorsARegexAtBothEnds(String regex, String name, boolean matches) {
        assertThat(HostPattern.regex(regex).matches(name, name.length())).isEqualTo(matches);
    }

    @Test
    void looksNoFurtherThanTheName() {
        assertThat(HostPattern.of("*.com").matches("a.com:80", 5)).isTrue();
        assertThat(HostPattern.regex("a\\.com").matches("a.com:80", 5)).isTrue();
    }

    @Test
    void givesWhatTheWildcardsMatched() {
        assertThat(HostPattern.of("*.x*z.com").captures("a.xyz.com")).isEqualTo(List.of("a", "y"));
        assertThat(HostPattern.regex("(a)|(b)").captures("b")).isEqualTo(List.of("", "b"));
        assertThat(HostPattern.of("*").captures("a")).isEmpty();
    }

    @Test
    void agreesWithAGreedyRegularExpression() {
        Random random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab.*", 1 + random.nextInt(7));
            String name = text(random, "ab.", 1 + random.nextInt(9));
            Matcher reference = Pattern.compile(pattern.replace(".", "\\.").replace("*", "([^.]+)"))
                    .matcher(name);
            HostPattern.Glob glob = new HostPattern.Glob(pattern);

            assertThat(glob.matches(name, name.length()))
                    .as("%s ~ %s", pattern, name)
                    .isEqualTo(reference.matches());
            if (reference.matches()) {
                List<String> groups = java.util.stream.IntStream.rangeClosed(1, reference.groupCount())
                        .mapToObj(reference::group)
                        .toList();
                assertThat(glob.captures(name)).as("%s ~ %s", pattern, name).isEqualTo(groups);
            }
        }
    }

    private static String text(Random random, String alphabet, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }
}
