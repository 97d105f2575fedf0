package dev.gatehouse.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.bind.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepContextTest {
    @TempDir
    private Path folder;

    private StepContext context;

    @BeforeEach
    void prepare() {
        RuntimeFixture fixture = new RuntimeFixture(folder);
        Problems problems = new Problems();
        GatewayConfig config = fixture.config("one: {apiEndpoints: [b], policies: [answer]}", problems);
        PipelineConfig pipeline = config.pipelines().get(0);
        context = new StepContext(
                config,
                pipeline,
                pipeline.steps().get(0),
                problems,
                new BuildTools(fixture.catalog, fixture.options(), call -> new CompletableFuture<>()),
                new SharedResources().lease());
    }

    @Test
    void resolvesAFileBesideTheConfiguration() throws IOException {
        Path beside = Files.createFile(folder.resolve("beside.pem"));

        assertThat(context.resolve("beside.pem")).isEqualTo(beside);
    }

    @Test
    void resolvesAFileOfTheWorkingDirectoryFirst() throws IOException {
        Files.createFile(folder.resolve("pom.xml"));

        assertThat(context.resolve("pom.xml")).isEqualTo(Path.of("pom.xml"));
    }

    @Test
    void leavesAnAbsolutePathAlone() {
        Path absolute = folder.resolve("absent.pem").toAbsolutePath();

        assertThat(context.resolve(absolute.toString())).isEqualTo(absolute);
    }

    @Test
    void leavesAFileThatIsNowhereAsWritten() {
        assertThat(context.resolve("nowhere.pem")).isEqualTo(Path.of("nowhere.pem"));
    }

    @Test
    void readsAFileThatTheConfigurationNames() throws IOException {
        Files.writeString(folder.resolve("schema.json"), "{}");

        assertThat(context.read("schema.json")).isEqualTo("{}");
        assertThat(context.read("nowhere.json")).isNull();
        assertThat(context.read("\0")).isNull();
    }

    @Test
    void needsTheLargestBodyThatAConditionDeclares() {
        assertThat(context.bodyBytes()).isZero();

        context.needBody(10);
        context.needBody(30);
        context.needBody(20);

        assertThat(context.bodyBytes()).isEqualTo(30);
    }

    @Test
    void seesOnlyTheApiEndpointsOfItsPipeline() {
        assertThat(context.apiEndpoints())
                .singleElement()
                .satisfies(entry -> assertThat(entry.name()).isEqualTo("b"));
    }
}
