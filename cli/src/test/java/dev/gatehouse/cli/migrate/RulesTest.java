package dev.gatehouse.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.ReadOptions;
import dev.gatehouse.config.report.ProblemPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule: a configuration in which it speaks, and one like it in which it does not. */
final class RulesTest {
    private static final Set<String> ALL = Set.of(
            "oauth2-introspect",
            "headers",
            "proxy",
            "rate-limit",
            "jwt",
            "log",
            "expression",
            "terminate",
            "request-transformer",
            "response-transformer");

    @TempDir
    Path directory;

    private List<Finding> findings(String steps, String more, Set<String> known) throws IOException {
        String endpoints = more.contains("apiEndpoints") ? "" : "apiEndpoints: {api: {scopes: [read]}}\n";
        String text = "http: {port: 1}\n" + endpoints
                + "serviceEndpoints: {backend: {url: 'http://a'}, slow: {url: 'http://a', proxyOptions: {proxyTimeout: 5}}}\n"
                + more + "\npipelines:\n  main:\n    apiEndpoint: api\n    policies:\n" + steps.indent(6);
        Path file = Files.writeString(directory.resolve("gateway.config.yml"), text);
        ConfigReader.Result read = ConfigReader.read(file, Map.of(), ReadOptions.of(ALL));
        assertThat(read.problems().hasErrors())
                .as(read.problems().all().stream().map(ProblemPrinter::text).collect(Collectors.joining("\n")))
                .isFalse();
        return Migration.ruled(new Subject(Objects.requireNonNull(read.config()), known));
    }

    private String texts(String steps, String more) throws IOException {
        return findings(steps, more, ALL).stream()
                .map(finding -> finding.group().label() + " " + finding.subject() + " " + finding.what())
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        - oauth2-introspect: [{action: {}}]              | - oauth2-introspect: [{action: {errors: {style: express-gateway}}}] | safer oauth2-introspect answers 403 for a missing scope (was 401)
        - oauth2-introspect: [{action: {}}]              | - oauth2-introspect: [{action: {passThrough: true}}] | safer oauth2-introspect answers 503 when the authorization server is down (was 401)
        - oauth2-introspect: [{action: {}}]              | - oauth2-introspect: [{action: {errors: {style: express-gateway}}}] | safer oauth2-introspect answers 400 for two tokens
        - oauth2-introspect: [{action: {passThrough: true}}] | - oauth2-introspect: [{action: {passThrough: true, passThroughOn: always}}] | safer oauth2-introspect answers 503 when the authorization server is down (was: passed as anonymous)
        - oauth2-introspect: [{action: {endpoint: a}}, {action: {endpoint: b}}] | - oauth2-introspect: [{action: {endpoint: a}}, {action: {endpoint: a}}] | safer oauth2-introspect cached answers are no longer shared
        - oauth2-introspect: [{action: {ttl: 60}}]       | - oauth2-introspect: [{action: {ttl: 0}}] | safer oauth2-introspect a cached answer ends with its token
        - oauth2-introspect: [{action: {ttl: 0}}]        | - oauth2-introspect: [{action: {ttl: 0, cache: {ttlZero: noCache}}}] | safer oauth2-introspect ttl: 0 keeps an answer
        - oauth2-introspect: [{action: {}}]              | - oauth2-introspect: [{action: {cache: {negativeTtl: 0}}}] | safer oauth2-introspect a refused token is remembered
        - oauth2-introspect: [{action: {tokenSources: [query]}}] | - oauth2-introspect: [{action: {tokenSources: [header]}}] | safer oauth2-introspect a token in the query moves
        - headers: {action: {forwardHeaders: {X-Id: '1'}}} | - headers: {action: {forwardHeaders: {x-id: '1'}}} | safer headers replaces a header of the client
        - headers: {action: {headersPrefix: X-, forwardHeaders: {}}} | - headers: {action: {headersPrefix: x-, forwardHeaders: {}}} | safer headers replaces a header of the client
        [{jwt: {action: {}}}, proxy]                     | [proxy, {jwt: {action: {}}}] | safer proxy removes eg-consumer-id
        - proxy: {action: {serviceEndpoint: backend}}    | - proxy: {action: {serviceEndpoint: slow}} | safer proxy answers 504 after 60 s
        - proxy: {action: {proxyTimeout: 5}}             | - proxy: {action: {}} | safer proxy answers 504 after proxyTimeout (was 502)
        - proxy: {action: {serviceEndpoint: slow}}       | - proxy: {action: {serviceEndpoint: backend}} | safer proxy answers 504 after proxyTimeout (was 502)
        - proxy: {action: {timeout: 5}}                  | - proxy: {action: {}} | safer proxy timeout limits the response
        - proxy                                          | - terminate | safer proxy hop-by-hop
        - proxy: {action: {auth: 'a:b'}}                 | - proxy | safer proxy these credentials replace
        - proxy: {action: {autoRewrite: true}}           | - proxy | safer proxy rewrites redirects
        - proxy: {action: {hostRewrite: a}}              | - proxy | safer proxy rewrites redirects
        - request-transformer: {action: {headers: {}}}   | - request-transformer: {action: {body: {}}} | safer request-transformer adds and removes headers
        - request-transformer: {action: {body: {}}}      | - request-transformer: {action: {headers: {}}} | safer request-transformer leaves bodies alone
        - response-transformer: {action: {headers: {}}}  | - response-transformer: {action: {body: {}}} | safer response-transformer removes headers
        - response-transformer: {action: {body: {}}}     | - response-transformer: {action: {headers: {}}} | safer response-transformer changes bodies
        [rate-limit, rate-limit]                         | [rate-limit, proxy] | safer rate-limit counts for itself
        - rate-limit: {action: {max: 1}}                 | - rate-limit: {action: {delayAfter: 1}} | safer rate-limit warns that request 2
        - rate-limit                                     | - proxy | safer rate-limit always answers with its status
        - jwt: {action: {}}                              | - jwt: {action: {checkCredentialExistence: false}} | safer jwt requires the scopes
        - expression: {action: {jscode: 'res.status(403).send(1)'}} | - expression: {action: {jscode: 'req.x = 1'}} | safer expression ends the pipeline
        - proxy: {condition: {name: pathExact, path: /a}} | - proxy: {condition: {name: pathExact, path: '/a?b'}} | safer condition pathExact compares the path
        - proxy: {condition: {name: not, condition: {name: pathExact, path: /a}}} | - proxy | safer condition pathExact compares the path
        - proxy: {condition: {name: hostMatch, pattern: a}} | - proxy: {condition: {name: hostMatch, pattern: 'a:80'}} | safer condition hostMatch compares the host
        - proxy: {condition: {name: json-schema, schema: {}}} | - proxy: {condition: {name: json-schema, schema: {}, coerce: true}} | safer condition json-schema takes no text for a number
        - proxy: {condition: {name: allOf, conditions: [{name: json-schema}]}} | - proxy | safer condition json-schema is judged where it stands
        - headers: {action: {forwardHeaders: {a: process.env.A}}} | - headers: {action: {forwardHeaders: {a: "'process.env'"}}} | differs headers uses 'process.env': not available
        - expression: {action: {jscode: 'const f = require("fs")'}} | - expression: {action: {jscode: 'req.require = 1'}} | differs expression uses 'require': not available
        - expression: {action: {jscode: 'req.x = Buffer.from(req.y)'}} | - expression: {action: {jscode: 'req.Buffered = 1'}} | differs expression uses 'Buffer': not available
        - expression: {action: {jscode: 'setTimeout(f, 1)'}} | - expression: {action: {jscode: 'reset()'}} | differs expression uses 'setTimeout': not available
        - expression: {action: {jscode: 'req.constructor.constructor("return 1")()'}} | - expression: {action: {jscode: 'req.constructor'}} | differs expression uses 'constructor.constructor': not available
        - proxy: {condition: {name: expression, expression: 'process.pid > 1'}} | - proxy: {condition: {name: expression, expression: 'req.process'}} | differs condition expression uses 'process.pid': not available
        - log: {action: {message: 'at ${process.env.A}'}} | - log: {action: {message: 'process ${req.url}'}} | differs log uses 'process.env': not available
        - request-transformer: {action: {headers: {add: {a: 'process.env.A'}}}} | - request-transformer: {action: {headers: {add: {a: '1'}}}} | differs request-transformer uses 'process.env'
        - rate-limit: {action: {rateLimitBy: '${process.env.A}'}} | - rate-limit: {action: {rateLimitBy: '${req.ip}'}} | differs rate-limit uses 'process.env'
        """)
    void speakWhereTheyApplyAndNowhereElse(String with, String without, String text) throws IOException {
        assertThat(texts(with, "")).contains(text);
        assertThat(texts(without, "")).doesNotContain(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        apiEndpoints: {api: {paths: /a}}                 | apiEndpoints: {api: {paths: '*'}} | safer apiEndpoints refuses paths with .
        apiEndpoints: {api: {pathRegex: ^/a}}            | apiEndpoints: {api: {}} | safer apiEndpoints refuses paths with .
        apiEndpoints: {api: {}, '1': {}}                 | apiEndpoints: {'1': {}, api: {}} | differs apiEndpoints '1' is tried where it stands
        apiEndpoints: {'2': {}, '1': {}, api: {}}        | apiEndpoints: {'1': {}, '2': {}, api: {}} | differs apiEndpoints '1' is tried where it stands
        apiEndpoints: {api: {paths: '/:id/*'}}           | apiEndpoints: {api: {paths: /a}} | safer proxy cuts off what the pattern matched
        """)
    void speakOfEndpoints(String with, String without, String text) throws IOException {
        String step = "- proxy: {action: {stripPath: true}}";

        assertThat(texts(step, with)).contains(text);
        assertThat(texts(step, without)).doesNotContain(text);
    }

    @Test
    void sayNothingOfStatusesThatAreKept() throws IOException {
        assertThat(texts("- oauth2-introspect: [{action: {}}]", "compat: {status: express-gateway}"))
                .doesNotContain("401");
    }

    @Test
    void promiseNothingOfPoliciesThatAreNotThere() throws IOException {
        assertThat(findings("- rate-limit", "", Set.of("proxy"))).isEmpty();
    }

    @Test
    void tellThatCountersLeaveRedis() throws IOException {
        Files.writeString(directory.resolve("system.config.yml"), "db: {redis: {host: a}}\n");
        assertThat(texts("- rate-limit", "")).contains("differs rate-limit counts in this process only");

        Files.writeString(directory.resolve("system.config.yml"), "db: {redis: {emulate: true}}\n");
        assertThat(texts("- rate-limit", "")).doesNotContain("counts in this process only");
    }
}
