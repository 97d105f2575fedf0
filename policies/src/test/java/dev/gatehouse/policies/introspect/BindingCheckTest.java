package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Binding;
import dev.gatehouse.policy.ConfigProblem;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code senderConstraint} may say. */
class BindingCheckTest {
    private final ContextFixture context = new ContextFixture();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dpop: 7",
                "dpop: [auto]",
                "dpop: {mode: maybe}",
                "dpop: {mod: auto}",
                "dpop: {algs: []}",
                "dpop: {algs: none}",
                "dpop: {algs: [ES256, HS256]}",
                "dpop: {algs: [es256]}",
                "dpop: {maxAge: 0}",
                "dpop: {maxAge: 601}",
                "dpop: {maxAge: 500ms}",
                "dpop: {nonce: optional}",
                "dpop: {publicBaseUrl: api.example.com}",
                "dpop: {publicBaseUrl: 'ftp://api.example.com'}",
                "dpop: {publicBaseUrl: 'https://u@api.example.com'}",
                "dpop: {publicBaseUrl: 'https://api.example.com?a'}",
                "dpop: {publicBaseUrl: 'https://api.example.com#a'}",
                "dpop: {publicBaseUrl: 'https:///a'}",
                "dpop: {replay: {maxEntries: 0}}",
                "dpop: {replay: {maxEntries: 10000001}}",
                "mtls: {certificateHeader: 'a b'}",
                "mtls: {certificateHeader: ''}",
                "mtls: {certificateHeader: a, trustedProxies: proxy.example.com}",
                "mtls: {certificateHeader: a, trustedProxies: [10.0.0.0/33]}",
            })
    void refusesValuesOutOfTheirRange(String options) {
        Problems problems = new Problems();

        ConfigFixture.bind(ConfigFixture.node("senderConstraint:\n  " + options), problems);

        Problem problem = problems.all().get(0);
        assertThat(problem.severity()).isEqualTo(Severity.ERROR);
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mtls: {mode: 'off', certificateHeader: a, trustedProxies: '::1'}|mtls.certificateHeader",
                "mtls: {certificateHeader: a}|mtls.certificateHeader",
                "mtls: {trustedProxies: '::1'}|mtls.trustedProxies",
                "dpop: {mode: 'off', nonce: required}|dpop.nonce",
            })
    void refusesOptionsWithoutEffect(String options, String path) {
        assertThatThrownBy(() -> context.policy("senderConstraint:\n  " + options))
                .isInstanceOf(ConfigProblem.class);

        Problem problem = context.problems.all().get(0);
        assertThat(problem.code()).isEqualTo("E0421");
        assertThat(problem.path()).endsWith(".action.senderConstraint." + path);
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(4);
        assertThat(problem.hints()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"mtls, refused", "mtls, always", "dpop, refused", "dpop, always"})
    void refusesToLetUnboundTokensThroughAsNobody(String binding, String when) {
        String yaml = "passThrough: true\npassThroughOn: " + when + "\nsenderConstraint: {" + binding + ": required}";

        assertThatThrownBy(() -> context.policy(yaml)).isInstanceOf(ConfigProblem.class);
        assertThat(context.codes()).containsExactly("E0421");
    }

    @Test
    void acceptsPassThroughForThoseWithoutAToken() {
        context.policy("passThrough: true\npassThroughOn: missing\nsenderConstraint: {dpop: required}");

        assertThat(context.problems.hasErrors()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dpop: required|W0433",
                "mtls: {certificateHeader: a, trustedProxies: [10.0.0.1, 0.0.0.0/0]}|W0434",
                "mtls: {certificateHeader: a, trustedProxies: '::/0'}|W0434",
            })
    void warnsAboutRisks(String options, String code) {
        context.policy("senderConstraint: {" + options + "}");

        assertThat(context.codes()).containsOnlyOnce(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dpop: {mode: required, publicBaseUrl: 'https://api.example.com'}",
                "mtls: {certificateHeader: a, trustedProxies: 10.0.0.0/8}",
                "dpop: {nonce: required}",
            })
    void doesNotWarnOtherwise(String options) {
        context.policy("senderConstraint: {" + options + "}");

        assertThat(context.codes()).doesNotContain("W0433", "W0434");
    }

    @Test
    void takesAWordForTheMode() {
        BindingOptions words = ConfigFixture.config("senderConstraint: {mtls: required, dpop: off}")
                .senderConstraint();

        assertThat(words.mtls().mode()).isEqualTo(Binding.REQUIRED);
        assertThat(words.requiresCertificates()).isTrue();
        assertThat(words.requiresProofs()).isFalse();
        assertThat(words.proofAlgorithms()).isEmpty();
    }

    @Test
    void takesAMappingWithOneAlgorithm() {
        BindingOptions options = ConfigFixture.config("senderConstraint: {dpop: {mode: required, algs: EdDSA}}")
                .senderConstraint();

        assertThat(options.requiresProofs()).isTrue();
        assertThat(options.proofAlgorithms()).isEqualTo(List.of("EdDSA"));
    }
}
