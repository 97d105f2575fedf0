package dev.gatehouse.redirect;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {
    private static final Target SERVICE = new Target("shop.test", 80, null);
    private static final TlsSettings SECRET =
            new TlsSettings(false, List.of(Path.of("ca")), Path.of("cert"), Path.of("key"), "name");
    private static final Target SECURE = new Target("shop.test", 443, SECRET);

    private static Location read(String value, Target target) {
        return requireNonNull(Location.read(value, target, "/a/b/c?q=1"), value);
    }

    @ParameterizedTest
    @CsvSource({
        "/next?x=1, /next?x=1",
        "next, /a/b/next",
        "./next, /a/b/next",
        "../next, /a/next",
        "../../../next, /next",
        "/x/./y/../z, /x/z",
        "/x/.., /",
        "/x/., /x/",
        "?y=2, /a/b/c?y=2",
        "#part, /a/b/c?q=1",
        "/x?y=/../z#part, /x?y=/../z",
        "/a//b, /a//b",
        "/a%2e%2e/b, /a%2e%2e/b",
        "x:y/z, ",
        "./x:y, /a/b/x:y",
        "/x:y, /x:y",
        "/\u00e9?\u00fc, /%C3%A9?%FC",
    })
    void resolvesReferencesAgainstTheRequest(String value, String form) {
        // The octets of UTF-8 arrive as one character each.
        String received = value.replace("\u00e9", "\u00c3\u00a9");

        Location location = Location.read(received, SERVICE, "/a/b/c?q=1");

        if (form == null) {
            assertThat(location).isNull();
        } else {
            assertThat(location).isEqualTo(new Location(SERVICE, form));
            assertThat(requireNonNull(location).target()).isSameAs(SERVICE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.test/x",
                "HTTP://SHOP.test/x",
                "http://shop.test:80/x",
                "http://shop.test:/x",
                "//shop.test/x",
                "/x"
            })
    void staysWithTheServiceWhereSchemeHostAndPortStay(String value) {
        assertThat(read(value, SERVICE).target()).isSameAs(SERVICE);
        assertThat(read(value, SERVICE).requestTarget()).isEqualTo("/x");
    }

    @ParameterizedTest
    @CsvSource({
        "http://other.test/x, other.test, 80",
        "http://shop.test.other.test/x, shop.test.other.test, 80",
        "http://sub.shop.test/x, sub.shop.test, 80",
        "http://shop.test./x, shop.test., 80",
        "http://shop.test:81/x, shop.test, 81",
        "//other.test:8080/x, other.test, 8080",
        "http://[::1]:81/x, ::1, 81",
        "http://10.0.0.1/x, 10.0.0.1, 80",
    })
    void leavesTheServiceWhereAnyOfThemDiffers(String value, String host, int port) {
        assertThat(read(value, SERVICE)).isEqualTo(new Location(new Target(host, port, null), "/x"));
    }

    @Test
    void takesNeitherCertificatesNorTrustToAnotherPlace() {
        assertThat(read("https://other.test", SECURE))
                .isEqualTo(new Location(new Target("other.test", 443, TlsSettings.DEFAULT), "/"));
        assertThat(read("https://shop.test:444?x", SECURE))
                .isEqualTo(new Location(new Target("shop.test", 444, TlsSettings.DEFAULT), "/?x"));
        assertThat(read("https://shop.test/", SECURE).target()).isSameAs(SECURE);
    }

    @Test
    void countsAnotherSchemeAsAnotherPlace() {
        assertThat(read("http://shop.test:443/x", SECURE))
                .isEqualTo(new Location(new Target("shop.test", 443, null), "/x"));
        assertThat(read("https://shop.test:80/x", SERVICE))
                .isEqualTo(new Location(new Target("shop.test", 80, TlsSettings.DEFAULT), "/x"));
        assertThat(read("//shop.test/x", SECURE).target()).isSameAs(SECURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://shop.test/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http:next",
                "http:/next",
                "http:///next",
                "//",
                "http://",
                "http://user@shop.test/",
                "http://user:secret@shop.test/",
                "//shop.test@other.test/",
                "http://shop.test:0/",
                "http://shop.test:65536/",
                "http://shop.test:999999999999/",
                "http://shop.test:8o/",
                "http://shop.test:-1/",
                "http://shop test/",
                "http://sh%6Fp.test/",
                "http://[::1/",
                "http://::1/",
                "http://[shop]/",
                "http://[fe80::1%25eth0]/",
                "http://shop.test\\@other.test/",
                "/a b",
                "/a\tb",
                "/a\u0000b",
                "/a\r\nx: y",
                "/a\\b",
                "/a%zz",
                "/a%2",
                "/\u20ac",
                " /a",
            })
    void refusesWhatCannotBeFollowedSafely(String value) {
        assertThat(Location.read(value, SERVICE, "/a")).isNull();
    }

    @Test
    void keepsTheQueryOutOfItsText() {
        assertThat(read("/x?token=secret", SERVICE)).hasToString("shop.test/x");
    }
}
