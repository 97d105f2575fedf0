package dev.gatehouse.route;

import static dev.gatehouse.route.RoutesFixture.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** An open and a protected prefix in front of one service: no spelling may reach the second through the first. */
class PathBypassTest {
    private final RoutesFixture strict = RoutesFixture.of(
            entry("public").paths("/public/*"),
            entry("admin").paths("/admin", "/admin/*").scopes("admin"));

    private final RoutesFixture withRest = RoutesFixture.of(
            entry("public").paths("/public/*"),
            entry("admin").paths("/admin", "/admin/*").scopes("admin"),
            entry("rest").paths("/*"));

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvFileSource(resources = "/route/path-bypass.csv", delimiter = ' ', numLinesToSkip = 1)
    void selectsOrRefuses(String id, String method, String target, String decision, String forwarded, String rest) {
        assertThat(decide(strict, method, target)).isEqualTo(decision);
        assertThat(decide(withRest, method, target)).isEqualTo(rest);
        if (!forwarded.equals("-")) {
            assertThat(RoutesFixture.target(target, HttpMethod.valueOf(method)).originForm())
                    .isEqualTo(forwarded);
        }
    }

    private static String decide(RoutesFixture routes, String method, String target) {
        HttpMethod name = HttpMethod.valueOf(method);
        return RequestTarget.parse(target, name) instanceof BadTarget
                ? "bad"
                : routes.select("gateway.test", name, target);
    }
}
