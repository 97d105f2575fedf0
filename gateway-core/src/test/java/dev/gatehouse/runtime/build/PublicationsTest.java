package dev.gatehouse.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.route.HostPattern;
import dev.gatehouse.route.RequestTarget;
import dev.gatehouse.server.Traffic;
import dev.gatehouse.server.document.Documents;
import dev.gatehouse.server.document.Documents.Place;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the documents that policies publish. */
final class PublicationsTest {
    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();
    private RuntimeFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new RuntimeFixture(folder);
    }

    private @Nullable Snapshot build(String endpoints, String pipelines) {
        String text = "http: {port: 0}\npolicies: [answer, publish, broken]\napiEndpoints:\n" + endpoints.indent(2)
                + "pipelines:\n" + pipelines.indent(2);
        return SnapshotBuilder.build(
                fixture.read(text, problems),
                problems,
                new BuildTools(fixture.catalog, fixture.options(), call -> {
                    throw new UnsupportedOperationException("nobody calls");
                }),
                new SharedResources(),
                new Traffic());
    }

    private Documents documents(String endpoints, String pipelines) {
        Snapshot snapshot = Objects.requireNonNull(
                build(endpoints, pipelines), () -> problems.all().toString());
        return snapshot.served().documents();
    }

    private static @Nullable String text(Documents documents, String host, String target) {
        RequestTarget parsed = (RequestTarget) RequestTarget.parse(target, HttpMethod.GET);
        Reply reply = documents.answer(
                host, parsed, new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, parsed.originForm()));
        return reply == null
                ? null
                : new String(Objects.requireNonNull(reply.content()).bytes(), StandardCharsets.UTF_8);
    }

    private List<Problem> all(String code) {
        return problems.all().stream()
                .filter(problem -> problem.code().equals(code))
                .toList();
    }

    private static int line(Problem problem) {
        return Objects.requireNonNull(problem.span()).line();
    }

    @Test
    void serveADocumentOnTheHostsOfItsEndpointOnly() {
        Documents documents = documents("""
                tools: {host: tools.example.com, paths: /mcp, resource: {identifier: 'https://tools.example.com/mcp'}}
                notes: {host: '*.example.org', paths: /mcp, resource: {identifier: 'https://a.example.org/mcp'}}
                """, """
                one: {apiEndpoints: [tools], policies: [{publish: {action: {text: tools}}}, {answer: {}}]}
                two: {apiEndpoints: [notes], policies: [{publish: {action: {text: notes}}}, {answer: {}}]}
                """);

        assertThat(text(documents, "tools.example.com", WELL_KNOWN + "/mcp")).isEqualTo("tools");
        assertThat(text(documents, "TOOLS.example.com:8443", WELL_KNOWN + "/mcp"))
                .isEqualTo("tools");
        assertThat(text(documents, "b.example.org", WELL_KNOWN + "/mcp")).isEqualTo("notes");
        assertThat(text(documents, "example.net", WELL_KNOWN + "/mcp")).isNull();
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/mcp, /mcp, true",
        "https://a.example/mcp, /m%63p, true",
        "https://a.example/m%63p, /mcp, true",
        "https://a.example/mcp, /MCP, false",
        "https://a.example/mcp, /mcp/, false",
        "https://a.example/mcp, /mcp?a=b, false",
        "https://a.example/mcp, '', false",
        "https://a.example/mcp/, /mcp/, true",
        "https://a.example/, '', true",
        "https://a.example/, /, false",
        "https://a.example, '', true",
        "https://a.example?tenant=1, ?tenant=1, true",
        "https://a.example/?tenant=1, ?tenant=1, true",
        "https://a.example?tenant=1, ?tenant=2, false",
        "https://a.example?tenant=1, '', false"
    })
    void serveADocumentAtExactlyOneTarget(String identifier, String rest, boolean served) {
        Documents documents = documents(
                "tools: {paths: /mcp, resource: {identifier: '" + identifier + "'}}",
                "one: {apiEndpoints: [tools], policies: [{publish: {action: {text: x}}}, {answer: {}}]}");

        assertThat(text(documents, "a.example", WELL_KNOWN + rest) != null).isEqualTo(served);
    }

    @Test
    void preferTheHostThatRoutingPrefers() {
        Documents documents = documents("""
                other: {host: '*.example.com', paths: /other}
                first: {host: a.example.com, paths: /mcp, resource: {identifier: 'https://a.example.com/mcp'}}
                second: {host: '*.example.com', paths: /mcp, resource: {identifier: 'https://b.example.com/mcp'}}
                """, """
                zero: {apiEndpoints: [other], policies: [{answer: {}}]}
                one: {apiEndpoints: [first], policies: [{publish: {action: {text: first}}}, {answer: {}}]}
                two: {apiEndpoints: [second], policies: [{publish: {action: {text: second}}}, {answer: {}}]}
                """);

        assertThat(text(documents, "a.example.com", WELL_KNOWN + "/mcp")).isEqualTo("second");
    }

    @Test
    void refusesAResourceThatNobodyChecks() {
        assertThat(build("""
                tools: {paths: /mcp, resource: {identifier: 'https://a.example/mcp'}}
                notes: {paths: /notes, resource: {identifier: 'https://a.example/notes'}}
                """, "one: {apiEndpoints: [tools], policies: [{answer: {}}]}"))
                .isNull();

        assertThat(all("E0465"))
                .extracting(Problem::path)
                .containsExactly("apiEndpoints.tools.resource", "apiEndpoints.notes.resource");
        assertThat(all("E0465")).extracting(PublicationsTest::line).containsExactly(4, 5);
    }

    @Test
    void refusesAResourceThatOnlyAnotherPipelineChecks() {
        assertThat(build("tools: {paths: /mcp, resource: {identifier: 'https://a.example/mcp'}}", """
                one: {apiEndpoints: [tools], policies: [{publish: {action: {text: x}}}, {answer: {}}]}
                two: {apiEndpoints: [tools], policies: [{answer: {}}]}
                """))
                .isNull();

        assertThat(all("E0465")).hasSize(1);
    }

    @Test
    void sayNothingAboutAResourceWhosePolicyHasAMistakeOfItsOwn() {
        assertThat(build(
                        "tools: {paths: /mcp, resource: {identifier: 'https://a.example/mcp'}}",
                        "one: {apiEndpoints: [tools], policies: [{broken: {action: {text: x}}}, {answer: {}}]}"))
                .isNull();

        assertThat(RuntimeFixture.codes(problems)).contains("E0999").doesNotContain("E0465");
    }

    @Test
    void refusesDifferentDocumentsAtOnePlace() {
        assertThat(build("""
                a: {paths: /mcp, resource: {identifier: 'https://a.example/mcp'}}
                b: {paths: /tools, resource: {identifier: 'https://a.example/mcp'}}
                """, """
                one: {apiEndpoints: [a], policies: [{publish: {action: {text: x}}}, {answer: {}}]}
                two: {apiEndpoints: [b], policies: [{publish: {action: {text: y}}}, {answer: {}}]}
                """)).isNull();

        assertThat(all("E0466"))
                .extracting(Problem::message)
                .containsExactly("'a' (line 4) and 'b' have different documents at '" + WELL_KNOWN + "/mcp'");
        assertThat(line(all("E0466").get(0))).isEqualTo(5);
    }

    @Test
    void refusesTwoStepsThatDescribeOneEndpointDifferently() {
        assertThat(build("a: {paths: /mcp, resource: {identifier: 'https://a.example/mcp'}}", """
                one:
                  apiEndpoints: [a]
                  policies:
                    - publish: [{condition: {name: never}, action: {text: x}}, {action: {text: y}}]
                    - answer:
                """))
                .isNull();

        assertThat(all("E0466"))
                .extracting(Problem::message)
                .containsExactly("two steps of pipeline 'one' describe 'a' differently");
    }

    @Test
    void takeEqualDocumentsAtOnePlace() {
        Documents documents = documents("""
                a: {paths: /mcp, methods: GET, resource: &r {identifier: 'https://a.example/mcp'}}
                b: {paths: /mcp, methods: POST, resource: *r}
                """, """
                one: {apiEndpoints: [a], policies: [{publish: {action: {text: x}}}, {answer: {}}]}
                two: {apiEndpoints: [b], policies: [{publish: {action: {text: x}}}, {answer: {}}]}
                """);

        assertThat(text(documents, "a.example", WELL_KNOWN + "/mcp")).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({
        "'/.well-known/oauth-protected-resource/mcp', true",
        "'/.well-known/*', true",
        "'/*', false",
        "'/.well-known/other', false"
    })
    void warnAboutAnEndpointThatADocumentHides(String path, boolean warned) {
        documents("""
                tools: {host: a.example, paths: /mcp, resource: {identifier: 'https://a.example/mcp'}}
                own: {host: a.example, paths: '%s'}
                """.formatted(path), """
                one: {apiEndpoints: [tools], policies: [{publish: {action: {text: x}}}, {answer: {}}]}
                two: {apiEndpoints: [own], policies: [{answer: {}}]}
                """);

        assertThat(all("W0467")).hasSize(warned ? 1 : 0);
        assertThat(all("W0467")).allMatch(problem -> problem.path().equals("apiEndpoints.own.paths"));
        assertThat(all("W0467")).allMatch(problem -> line(problem) == 5);
    }

    @Test
    void warnWhenTheHostOfTheNameIsNotServed() {
        documents(
                "tools: {host: b.example, paths: /mcp, resource: {identifier: 'https://a.example/mcp'}}",
                "one: {apiEndpoints: [tools], policies: [{publish: {action: {text: x}}}, {answer: {}}]}");

        assertThat(all("W0468")).extracting(Problem::path).containsExactly("apiEndpoints.tools.resource.identifier");
    }

    @ParameterizedTest
    @CsvSource({"https://a.example/../b", "https://a.example/a/%2e%2e/b", "https://a.example/a/..;x/b"})
    void refusesANameWhoseDocumentNobodyCanRequest(String identifier) {
        assertThat(build(
                        "tools: {paths: /mcp, resource: {identifier: '" + identifier + "'}}",
                        "one: {apiEndpoints: [tools], policies: [{publish: {action: {text: x}}}, {answer: {}}]}"))
                .isNull();

        assertThat(all("E0203")).extracting(Problem::path).containsExactly("apiEndpoints.tools.resource.identifier");
        assertThat(line(all("E0203").get(0))).isEqualTo(4);
    }

    @Test
    void refusesADocumentOutsideOfItsFolder() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Place(HostPattern.Any.HOST, "/orders"));
    }
}
