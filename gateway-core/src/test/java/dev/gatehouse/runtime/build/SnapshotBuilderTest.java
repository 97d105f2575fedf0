package dev.gatehouse.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.pipeline.Step;
import dev.gatehouse.route.RequestTarget;
import dev.gatehouse.route.Route;
import dev.gatehouse.server.Traffic;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotBuilderTest {
    @TempDir
    private Path folder;

    private final Problems problems = new Problems();
    private final SharedResources resources = new SharedResources();
    private RuntimeFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new RuntimeFixture(folder);
    }

    @Test
    void refusesWithAllProblemsAtOnce() {
        Snapshot snapshot = build("""
                one:
                  apiEndpoints: [a]
                  policies:
                    - missing:
                    - broken: {action: {text: first}}
                    - answer: {condition: {name: unheard}, action: {text: x}}
                two:
                  apiEndpoints: [b]
                  policies:
                    - broken: {action: {text: second}}
                    - answer: {condition: {name: nameless}, action: {text: x}}
                """);

        assertThat(snapshot).isNull();
        assertThat(RuntimeFixture.codes(problems)).contains("E0401", "E0999", "E0402", "E0205");
        assertThat(problems.all())
                .extracting(Problem::message)
                .contains("cannot work: first", "cannot work: second", "a condition needs a 'name'");
    }

    @Test
    void refusesAnUnknownPolicyAndNamesTheKnownOnes() {
        assertThat(build("one: {apiEndpoints: [a], policies: [missing, {answer: {action: {text: x}}}]}"))
                .isNull();

        assertThat(problems.all())
                .filteredOn(problem -> problem.code().equals("E0401"))
                .extracting(Problem::message, Problem::hints)
                .containsExactly(tuple(
                        "policy 'missing' does not exist",
                        List.of("known policies: answer, broken, cut, hold, own, publish, wait.")));
    }

    @Test
    void refusesAnUnknownConditionAndNamesTheKnownOnes() {
        assertThat(build("one: {apiEndpoints: [a], policies: [{answer: {condition: {name: sometimes}}}]}"))
                .isNull();

        assertThat(problems.all())
                .extracting(Problem::code, Problem::message, Problem::hints)
                .contains(tuple(
                        "E0402",
                        "condition 'sometimes' does not exist",
                        List.of("known conditions: always, nameless, never.")));
    }

    @Test
    void refusesAnUnknownKeyBesideAConditionsName() {
        assertThat(build("one: {apiEndpoints: [a], policies: [{answer: {condition: {name: never, paths: /x}}}]}"))
                .isNull();

        assertThat(problems.hasErrors()).isTrue();
    }

    @Test
    void givesBackWhatWasMadeWhenItRefuses() {
        assertThat(build("one: {apiEndpoints: [a], policies: [{hold: {action: {text: cache}}}, missing]}"))
                .isNull();

        assertThat(fixture.closed).containsExactly("cache");
    }

    @Test
    void keepsWhatWasMadeUntilTheSnapshotEnds() {
        Snapshot snapshot = built("""
                one:
                  apiEndpoints: [a]
                  policies:
                    - hold: {action: {text: cache}}
                    - answer:
                """);

        assertThat(fixture.closed).isEmpty();
        snapshot.close();

        assertThat(fixture.closed).containsExactly("cache");
    }

    @Test
    void ownsTheHeadersOfEveryStepThatDeclaresThem() {
        Snapshot snapshot = built("""
                one:
                  apiEndpoints: [a]
                  policies:
                    - own: {action: {text: id}}
                    - own: {condition: {name: never}, action: {text: x-user-id}}
                    - answer:
                """);
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.add("ID", "1").add("X_User.Id", "1").add("eg-anything", "1").add("x-other", "1");

        pipeline(snapshot, "/a").owned().strip(headers);

        assertThat(headers.names()).containsExactly("x-other");
    }

    @Test
    void servesAnApiEndpointByTheLastPipelineThatListsIt() {
        Snapshot snapshot = built("""
                one:
                  apiEndpoints: [a, b]
                  policies: [answer]
                two:
                  apiEndpoints: [a]
                  policies: [answer]
                """);

        assertThat(pipeline(snapshot, "/a").name()).isEqualTo("two");
        assertThat(pipeline(snapshot, "/b").name()).isEqualTo("one");
    }

    @Test
    void keepsConditionsAndNamesStepsByTheirLine() {
        Snapshot snapshot = built("""
                one:
                  apiEndpoints: [a]
                  policies:
                    - own: {condition: {name: never}, action: {text: x}}
                    - answer:
                """);

        List<Step> steps = pipeline(snapshot, "/a").steps();
        assertThat(steps).extracting(Step::label).containsExactly("own@10", "answer@11");
        assertThat(steps.get(0).condition()).isNotNull();
        assertThat(steps.get(1).condition()).isNull();
    }

    @Test
    void warnsWhenAPipelineCanEndWithoutAnAnswer() {
        assertThat(build("one: {apiEndpoints: [a], policies: [{answer: {condition: {name: never}}}]}"))
                .isNotNull();

        assertThat(RuntimeFixture.codes(problems)).contains("W0306");
    }

    @Test
    void warnsWhenAnEntryIsTriedBeforeOneAboveIt() {
        GatewayConfig config = fixture.read("""
                http: {port: 0}
                apiEndpoints:
                  health: {paths: /health}
                  shop: {host: shop.example}
                  x: {paths: /x}
                policies: [answer]
                pipelines:
                  one: {apiEndpoints: [health, shop, x], policies: [answer]}
                """, problems);

        assertThat(build(config)).isNotNull();

        assertThat(RuntimeFixture.codes(problems)).contains("W0311");
    }

    private Snapshot built(String pipelines) {
        Snapshot snapshot = build(pipelines);
        return Objects.requireNonNull(snapshot, () -> problems.all().toString());
    }

    private @Nullable Snapshot build(String pipelines) {
        return build(fixture.config(pipelines, problems));
    }

    private @Nullable Snapshot build(GatewayConfig config) {
        BuildTools tools = new BuildTools(fixture.catalog, fixture.options(), call -> new CompletableFuture<>());
        return SnapshotBuilder.build(config, problems, tools, resources, new Traffic());
    }

    private static Pipeline pipeline(Snapshot snapshot, String path) {
        RequestTarget target = (RequestTarget) RequestTarget.parse(path, HttpMethod.GET);
        var selection = snapshot.served().routes().select("localhost", target, HttpMethod.GET, -1);
        @SuppressWarnings("unchecked")
        Route<Pipeline> route = (Route<Pipeline>) selection;
        return Objects.requireNonNull(route.pipeline());
    }
}
