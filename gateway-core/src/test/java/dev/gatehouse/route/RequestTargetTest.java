package dev.gatehouse.route;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    private static RequestTarget read(String raw) {
        ParsedTarget parsed = RequestTarget.parse(raw, HttpMethod.GET);
        assertThat(parsed).as(raw).isInstanceOf(RequestTarget.class);
        return (RequestTarget) parsed;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/x",
                "/x/",
                "/x?",
                "/x?a=1&a=2&&b=%20+x&c[]=%2F&d",
                "/x?q=%ZZ",
                "/star/x?u=http://h//p/../q;r",
                "/a?b=?c",
                "/star/a|b",
                "/star/{x}",
                "/star/it's?q='x'",
                "/star/a^b`c",
                "/star/\"q\"",
                "/star/<t>?u=<v>",
                "/v1.2/a.b/c..d/~e@f:g,h!i$j&k(l)m*n+o=p[q]",
            })
    void keepsTheReceivedStringWhenNothingIsSpecial(String raw) {
        RequestTarget target = read(raw);

        assertThat(target.originForm()).isSameAs(raw);
        assertThat(target.readings()).isNull();
        assertThat(target.path()).isEqualTo(raw.split("\\?", 2)[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/jwks",
                "/...",
                "/a/.b",
                "/a%20b",
                "/param/%C3%BC",
                "/h%3Fa=1%23b",
                "/public/%252e%252e/admin/a",
                "/public/..%252fadmin/a",
                "/a%2fb/c%3a",
                "/a;v=1/b",
                "/h%00.txt",
            })
    void forwardsHarmlessEscapesAsReceived(String raw) {
        assertThat(read(raw).originForm()).isSameAs(raw);
    }

    @ParameterizedTest
    @CsvSource({
        "/%61dmin/a, /admin/a",
        "/%61%64%6d%69%6E/a?x=%61, /admin/a?x=%61",
        "/a%2Fb/%41%7e/c%3a, /a%2Fb/A~/c%3a",
        "/star//x///y, /star/x/y",
        "//star/x, /star/x",
        "/star//x?u=http://h//p, /star/x?u=http://h//p",
        "/exact#frag, /exact",
        "/exact?q=1#frag, /exact?q=1",
        "/public/a#/../../admin/a, /public/a",
        "/h\u00c3\u00a9?q=\u00e9, /h%C3%A9?q=%E9",
        "http://api.example.com/abs?x=1, /abs?x=1",
        "HTTPS://api.example.com:8443, /",
        "http://api.example.com?x=1, /?x=1",
    })
    void bringsTheRestIntoCanonicalForm(String raw, String form) {
        RequestTarget target = read(raw);

        assertThat(target.originForm()).isEqualTo(form);
        assertThat(target.path()).isEqualTo(form.split("\\?", 2)[0]);
    }

    @Test
    void separatesPathAndQuery() {
        assertThat(read("/a?b?c").path()).isEqualTo("/a");
        assertThat(read("/a?b?c").query()).isEqualTo("b?c");
        assertThat(read("/a?").query()).isEmpty();
        assertThat(read("/a").query()).isNull();
    }

    @Test
    void keepsSecretsOfTheQueryOutOfItsText() {
        assertThat(read("/a?access_token=s3cret")).hasToString("/a");
        assertThat(RequestTarget.parse("/a\\?access_token=s3cret", HttpMethod.GET)
                        .toString())
                .doesNotContain("s3cret");
    }

    @Test
    void tellsTheAuthorityOfAnAbsoluteForm() {
        assertThat(read("http://h.test:80/x").authority()).isEqualTo("h.test:80");
        assertThat(read("/x").authority()).isNull();
    }

    @Test
    void allowsTheAsteriskWithOptionsOnly() {
        assertThat(RequestTarget.parse("*", HttpMethod.OPTIONS)).isInstanceOfSatisfying(RequestTarget.class, target -> {
            assertThat(target.isAsterisk()).isTrue();
            assertThat(target.path()).isEqualTo("*");
        });
        assertThat(RequestTarget.parse("*", HttpMethod.GET)).isInstanceOf(BadTarget.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "host.test:443",
                "@host/x",
                ".evil.example/x",
                "*/x",
                "ftp://host/abs",
                "http:///x",
                "http://",
                "http://user@host/x",
                "http://ho st/x",
                "http://host\\x",
                "//\\host/x",
            })
    void refusesWhatIsNoTarget(String raw) {
        assertThat(RequestTarget.parse(raw, HttpMethod.GET)).isInstanceOf(BadTarget.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a b",
                "/h\0admin",
                "/h\rX-Injected:1",
                "/h\nX-Injected:1",
                "/h\tx",
                "/h\u007fx",
                "/h?q=\n",
                "/h?q=a b",
                "/h?q=\\",
                "/\\host/x",
                "/star/a\\b",
                "/h\u65e5",
                "/h?q=\ufffd",
            })
    void refusesForbiddenCharacters(String raw) {
        assertThat(RequestTarget.parse(raw, HttpMethod.GET)).isInstanceOf(BadTarget.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/h%zz%2", "/param/%ZZ", "/param/%", "/param/%4", "/%4g", "/a%"})
    void refusesInvalidPercentEncoding(String raw) {
        assertThat(RequestTarget.parse(raw, HttpMethod.GET)).isInstanceOf(BadTarget.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/.",
                "/a/..",
                "/a/.",
                "/star/../exact",
                "/star/./x",
                "/star/%2e%2e/x",
                "/star/.%2E/x",
                "/star/..;/x",
                "/star/..;v=1/x",
                "/star/..%3b/x",
                "/star/.;/x",
                "/star/..%2fx",
                "/star/..%2Fx",
                "/star/..%5cx",
                "/star/x%2f..",
                "/star/x%5C..%5Cy",
                "/star//../x",
                "/star/.%00./x",
                "/star/..%00/x",
                "/star/%09../x",
                "/a%3f/../../x",
                "http://h/star/../x",
            })
    void refusesDotSegmentsInEverySpelling(String raw) {
        assertThat(RequestTarget.parse(raw, HttpMethod.GET)).isInstanceOf(BadTarget.class);
    }

    @Nested
    class OtherReadings {
        private List<String> alternatives(String raw) {
            RequestTarget.Readings readings = read(raw).readings();
            return readings == null ? List.of() : readings.alternatives();
        }

        @Test
        void decodesSeparators() {
            assertThat(alternatives("/a%2fb%5cc%2f%2fd")).containsExactly("/a/b/c/d");
        }

        @Test
        void leavesParametersOut() {
            assertThat(alternatives("/a;x=1/b%3by/;z/c")).contains("/a/b/c");
        }

        @Test
        void dropsOrCutsAtControlCharacters() {
            assertThat(alternatives("/admin%00/a")).containsExactlyInAnyOrder("/admin/a", "/admin");
            assertThat(alternatives("/adm%09in/a")).containsExactly("/admin/a");
        }

        @Test
        void hasNoneForOrdinaryEscapes() {
            assertThat(read("/a%20b/%C3%A9/%2541").readings()).isNull();
        }

        @Test
        void keepsThePathWithItsSlashes() {
            RequestTarget.Readings readings = requireNonNull(read("/a//%62").readings());

            assertThat(readings.received()).isEqualTo("/a//b");
        }

        @Test
        void notesWhatIsNotUtf8() {
            assertThat(read("/h%c0%af").readings())
                    .isNotNull()
                    .satisfies(r -> assertThat(r.undecodable()).isTrue());
        }
    }

    @Test
    void isIdempotent() {
        targets().forEach(raw -> {
            if (RequestTarget.parse(raw, HttpMethod.GET) instanceof RequestTarget first) {
                assertThat(read(first.originForm()).originForm()).as(raw).isSameAs(first.originForm());
            }
        });
    }

    @Test
    void agreesWithAPlainReference() {
        targets().forEach(raw -> {
            ParsedTarget parsed = RequestTarget.parse(raw, HttpMethod.GET);
            String form = parsed instanceof RequestTarget target ? target.originForm() : null;

            assertThat(form).as(raw).isEqualTo(reference(raw));
        });
    }

    private static List<String> targets() {
        String[] parts = {
            "/", "/", "a", "B", ".", ".", "%2e", "%2F", "%5c", "%41", "%zz", "%", "%00", "%C3%A9", "%3b", ";", "?", "#",
            "//", "/..", "/./", "\\", " ", "x=1", "\u00e9"
        };
        Random random = new Random(4);
        return random.ints(30_000, 0, 9)
                .mapToObj(length -> {
                    StringBuilder out = new StringBuilder("/");
                    for (int i = 0; i < length; i++) {
                        out.append(parts[random.nextInt(parts.length)]);
                    }
                    return out.toString();
                })
                .toList();
    }

    /** The same rules with regular expressions, one after the other; null = refused. */
    private static @org.jspecify.annotations.Nullable String reference(String raw) {
        String target = raw.replaceFirst("(?s)#.*", "");
        String path = target.replaceFirst("(?s)\\?.*", "");
        if (target.matches("(?s).*[\\x00- \\x7f\\\\].*") || !path.matches("([^%]|%[0-9A-Fa-f]{2})*")) {
            return null;
        }
        String decoded = java.util.regex.Pattern.compile("%(2[dDeE]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[fF]|7[eE])")
                .matcher(path)
                .replaceAll(m -> String.valueOf((char) Integer.parseInt(m.group(1), 16)));
        for (String view : List.of(decoded, decoded.replaceAll("%([01][0-9A-Fa-f]|7[fF])", ""))) {
            for (String segment : view.split("/|%2[fF]|%5[cC]", -1)) {
                if (segment.replaceFirst("(;|%3[bB]).*", "").matches("\\.\\.?")) {
                    return null;
                }
            }
        }
        for (String cut : decoded.split("%00", 2)[0].split("/|%2[fF]|%5[cC]", -1)) {
            if (cut.replaceFirst("(;|%3[bB]).*", "").matches("\\.\\.?")) {
                return null;
            }
        }
        String form = decoded.replaceAll("/+", "/") + target.substring(path.length());
        return form.replace("\u00e9", "%E9");
    }
}
