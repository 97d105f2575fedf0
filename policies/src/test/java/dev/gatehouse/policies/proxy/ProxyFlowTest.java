package dev.gatehouse.policies.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.RedirectRules;
import dev.gatehouse.policy.ConfigProblem;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options that change what the engine does with the connection: redirects, WebSocket, spelling of names. */
class ProxyFlowTest {
    private static ProxyFixture backend(String options) {
        return ProxyFixture.action("serviceEndpoint: backend\n" + options)
                .service("backend", "", "http://10.0.0.7:3000");
    }

    private static ForwardPlan plan(ProxyFixture proxy) {
        return requireNonNull(ExchangeFixture.get("/a").run(proxy.policy()).forwarded(), "not forwarded");
    }

    private static RedirectRules redirects(ProxyFixture proxy) {
        return requireNonNull(plan(proxy).redirects(), "redirects go to the client");
    }

    @Test
    void leavesRedirectsAndUpgradesToTheClientByDefault() {
        ForwardPlan plan = plan(backend(""));

        assertThat(plan.redirects()).isNull();
        assertThat(plan.upgradable()).isFalse();
        assertThat(plan.preserveHeaderCase()).isFalse();
    }

    @Test
    void wishesThatRedirectsAreFollowed() {
        assertThat(redirects(backend("followRedirects: true")).confidential()).isEmpty();
    }

    @Test
    void refusesToShowStaticHeadersToAnybodyElse() {
        RedirectRules rules = redirects(backend("followRedirects: true\nheaders: {X-Api-Key: secret, X-Env: test}"));

        assertThat(rules.confidential()).containsExactlyInAnyOrder("x-api-key", "x-env");
        assertThat(rules.toString()).doesNotContain("secret");
    }

    @Test
    void refusesToTellAnybodyElseAboutTheClient() {
        assertThat(redirects(backend("followRedirects: true\nxfwd: true")).confidential())
                .containsExactlyInAnyOrder(
                        "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-host");
    }

    @Test
    void letsWebSocketsThrough() {
        assertThat(plan(backend("ws: true")).upgradable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"followRedirects: true\nws: true\npreserveHeaderKeyCase: true", "xfwd: true"})
    void needsNoAdvice(String options) {
        assertThat(backend(options).advice()).isEmpty();
    }

    @Test
    void readsThemFromTheServiceEndpoint() {
        ProxyFixture proxy = ProxyFixture.action("serviceEndpoint: backend")
                .service(
                        "backend",
                        "followRedirects: true\nws: true\npreserveHeaderKeyCase: true",
                        "http://10.0.0.7:3000");

        assertThat(redirects(proxy)).isEqualTo(new RedirectRules(Set.of()));
        assertThat(plan(proxy).upgradable()).isTrue();
        assertThat(plan(proxy).preserveHeaderCase()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "followRedirects, maybe",
        "followRedirects, 21",
        "followRedirects, '{max: 3}'",
        "ws, perhaps",
        "ws, '[websocket]'",
        "preserveHeaderKeyCase, upper",
        "preserveHeaderKeyCase, '{a: b}'",
    })
    void refusesAnotherType(String option, String value) {
        ProxyFixture proxy = backend(option + ": " + value);

        assertThatThrownBy(proxy::policy).isInstanceOf(ConfigProblem.class);

        Problem problem = proxy.found().get(0);
        assertThat(problem.path()).endsWith(".action." + option);
        assertThat(requireNonNull(problem.span()).line()).isEqualTo(2);
        assertThat(problem.span().column()).isEqualTo(option.length() + 3);
    }

    @ParameterizedTest
    @CsvSource({
        "followRedirect, followRedirects",
        "followsRedirects, followRedirects",
        "Ws, ws",
        "preserveHeadrKeyCase, preserveHeaderKeyCase",
    })
    void refusesAMisspeltName(String written, String meant) {
        ProxyFixture proxy = backend(written + ": true");

        proxy.policy();

        Problem problem = proxy.found().get(0);
        assertThat(problem.severity()).isEqualTo(Severity.ERROR);
        assertThat(requireNonNull(problem.span()).line()).isEqualTo(2);
        assertThat(problem.hints().toString()).contains("'" + meant + "'");
    }
}
