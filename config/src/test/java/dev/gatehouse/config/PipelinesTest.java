package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The section pipelines in all the ways in which it may be written. */
final class PipelinesTest {
    private static final String REST =
            "serviceEndpoints: {be: {url: 'http://h'}}\napiEndpoints: {shop: {}, shop2: {}}\n";

    private static final String HTTP = "http: {port: 8080}\npolicies: [proxy, log, terminate, headers]\n";

    @TempDir
    Path directory;

    private List<StepConfig> steps(String policies) {
        return config(HTTP + REST + "pipelines:\n  a:\n    apiEndpoints: [shop, shop2]\n    policies: " + policies)
                .pipelines()
                .get(0)
                .steps();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{proxy: {action: {serviceEndpoint: be}}}]",
                "[{proxy: [{action: {serviceEndpoint: be}}]}]",
                "{proxy: {action: {serviceEndpoint: be}}}",
                "{proxy: [{action: {serviceEndpoint: be}}]}",
                "[{proxy: {condition: ~, action: {serviceEndpoint: be}}}]"
            })
    void holdAStepInAnySpelling(String policies) {
        assertThat(steps(policies)).singleElement().satisfies(step -> {
            assertThat(step.policy()).isEqualTo("proxy");
            assertThat(step.condition()).isNull();
            assertThat(Objects.requireNonNull(step.action()).get("serviceEndpoint"))
                    .isNotNull();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[terminate]",
                "[{terminate: }]",
                "[{terminate: {}}]",
                "[{terminate: []}]",
                "[{terminate: [~]}]",
                "[{terminate: [{}]}]",
                "[{terminate: {action: ~}}]",
                "{terminate: }",
                "[{terminate: {action: {}}}]"
            })
    void runAPolicyOnceWithItsDefaults(String policies) {
        assertThat(steps(policies)).singleElement().satisfies(step -> {
            assertThat(step.policy()).isEqualTo("terminate");
            assertThat(step.condition()).isNull();
        });
    }

    @Test
    void keepTheOrderOfPoliciesAndSteps() {
        List<StepConfig> steps = steps("""

                      - headers: {action: {forwardHeaders: {}}}
                      - proxy:
                          - condition: {name: method, methods: GET}
                            action: {serviceEndpoint: be}
                          - action: {serviceEndpoint: be}
                      - headers: {action: {forwardHeaders: {}}}
                """);

        assertThat(steps)
                .extracting(StepConfig::path)
                .containsExactly(
                        "pipelines.a.policies[0].headers",
                        "pipelines.a.policies[1].proxy[0]",
                        "pipelines.a.policies[1].proxy[1]",
                        "pipelines.a.policies[2].headers");
        assertThat(Objects.requireNonNull(steps.get(1).condition()).get("methods"))
                .isInstanceOf(Node.Scalar.class);
        assertThat(steps.get(1).span().line()).isEqualTo(10);
    }

    @Test
    void comeAsAListToo() {
        List<PipelineConfig> pipelines = config(HTTP + REST
                        + "pipelines:\n  - name: x\n    apiEndpoint: shop\n    policy: [terminate]\n"
                        + "  - apiEndpoint: [shop2]\n    policies: []")
                .pipelines();

        assertThat(pipelines).extracting(PipelineConfig::name).containsExactly("x", "#2");
        assertThat(pipelines.get(0).steps()).hasSize(1);
        assertThat(pipelines.get(1).apiEndpoints()).extracting(Located::value).containsExactly("shop2");
    }

    @Test
    void mayBeNamedInTheSingular() {
        assertThat(config(HTTP + REST + "pipeline: {a: {apiEndpoint: shop, policies: []}}")
                        .pipelines())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3",
                "~",
                "x",
                "[~]",
                "[[]]",
                "[3, {}]",
                "[{}]",
                "[{proxy: , log: }]",
                "[{proxy: x}]",
                "[{proxy: [x]}]",
                "[{proxy: {action: x}}]",
                "[{proxy: {condition: x}}]",
                "[{proxy: {condition: {pattern: x}}}]",
                "[jwt]",
                "[{nonsense: }]",
                "[{rate-limit: }]",
                "[{proxy: {actoin: {}}}]",
                "[{proxy: {stripPath: true}}]"
            })
    void refusesOtherPolicies(String policies) {
        assertThat(read(HTTP + "pipelines: {a: {apiEndpoints: [], policies: " + policies + "}}")
                        .problems()
                        .hasErrors())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "[3]", "x", "{a: x}", "{a: }", "{a: {apiEndpoints: [{}], policies: []}}", "{a: []}"})
    void refusesOtherPipelines(String pipelines) {
        assertThat(read(HTTP + "pipelines: " + pipelines).problems().hasErrors())
                .isTrue();
    }

    @Test
    void warnWhenSharedOrUnused() {
        assertThat(places(HTTP + REST
                        + "pipelines:\n  a: {apiEndpoint: [shop, none], policies: []}\n"
                        + "  b: {apiEndpoint: shop, policies: []}\n  c: {policies: []}"))
                .containsExactly("W0304@4:26", "W0302@6:27", "W0303@7:20", "W0301@8:3");
    }

    private ConfigReader.Result read(String text) {
        return CheckedFileFixture.read(directory, text, Map.of());
    }

    private GatewayConfig config(String text) {
        return CheckedFileFixture.config(directory, text);
    }

    private List<String> places(String text) {
        return CheckedFileFixture.places(
                CheckedFileFixture.read(directory, text, Map.of()).problems());
    }
}
