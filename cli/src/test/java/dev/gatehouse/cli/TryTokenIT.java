package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.upstream.ScriptedPeer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code try-token} prints and answers, against an authorization server whose answers are scripted. */
@Timeout(60)
class TryTokenIT {
    private static final String TOKEN = "marker-token-4711";
    private static final String SECRET = "marker-s3cr3t";

    private final ScriptedPeer server = ScriptedPeer.start();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private String typed = "";
    private boolean terminal;

    @TempDir
    Path folder;

    @BeforeEach
    void hasAToken() throws IOException {
        Files.writeString(folder.resolve("token.txt"), TOKEN + "\n");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private int run(String... args) {
        PrintStream results = new PrintStream(out, true, UTF_8);
        PrintStream diagnostics = new PrintStream(err, true, UTF_8);
        return Main.run(
                new Context(
                        results,
                        diagnostics,
                        environment,
                        folder,
                        terminal,
                        terminal,
                        new ByteArrayInputStream(typed.getBytes(UTF_8))),
                args);
    }

    /** Runs with the token in its file and checks that nothing secret is printed. */
    private int tryToken(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "try-token";
        args[1] = "--token-file";
        args[2] = "token.txt";
        System.arraycopy(more, 0, args, 3, more.length);
        int code = run(args);
        assertThat(out() + err()).doesNotContain(TOKEN, SECRET);
        return code;
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }

    private void config(String options) throws IOException {
        config("127.0.0.1:" + server.port(), options);
    }

    private void config(String authority, String options) throws IOException {
        Files.writeString(folder.resolve("gateway.config.yml"), """
                http: {port: 8080}
                apiEndpoints:
                  read: {paths: /orders/*, methods: GET, scopes: ['orders:read']}
                  write: {paths: /orders/*, methods: POST, scopes: ['orders:write']}
                  other: {paths: /other}
                serviceEndpoints: {backend: {url: 'http://127.0.0.1:1'}}
                policies: [oauth2-introspect, key-auth, proxy]
                pipelines:
                  orders:
                    apiEndpoints: [read, write]
                    policies:
                      - oauth2-introspect:
                          - action:
                              endpoint: http://AUTHORITY/introspect?key=hidden
                              clientAuth: {method: client_secret_basic, clientId: gw, clientSecret: SECRET}
                              resilience: {retries: {max: 0}}
                OPTIONS
                      - proxy: {action: {serviceEndpoint: backend}}
                  open:
                    apiEndpoints: [other]
                    policies:
                      - proxy: {action: {serviceEndpoint: backend}}
                """.replace("AUTHORITY", authority)
                .replace("SECRET", SECRET)
                .replace("OPTIONS", options.indent(14).stripTrailing()));
    }

    private void answers(int status, String type, String body) {
        server.otherwise(connection -> connection.send("HTTP/1.1 " + status + " X\r\nContent-Type: " + type
                + "\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body));
    }

    private void says(String json) {
        answers(200, "application/json", json);
    }

    private static String jwt(String payload) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"ES256\"}".getBytes(UTF_8)) + '.'
                + encoder.encodeToString(payload.getBytes(UTF_8)) + ".c2ln";
    }

    /** The output without what differs between runs. */
    private List<String> lines() {
        return out().replace(":" + server.port(), "")
                .replaceAll("\\d+ ms ", "N ms ")
                .replaceAll("fingerprint [0-9a-f]{8}", "fingerprint F")
                .lines()
                .toList();
    }

    private static final String SERVER =
            "server      http://127.0.0.1/introspect     200 in N ms   (client 'gw', client_secret_basic)";

    @Test
    void printsWhatTheSpecificationShows() throws IOException {
        config("claims: {issuer: https://login.example.com, audience: https://api.example.com}");
        says("{\"active\":true,\"iss\":\"https://login.example.com\",\"sub\":\"alice\",\"client_id\":\"web\","
                + "\"scope\":\"orders:read profile\",\"aud\":\"https://api.example.com\",\"exp\":"
                + (Instant.now().getEpochSecond() + 52 * 60 + 30) + "}");

        assertThat(tryToken("--pipeline", "orders")).isZero();

        assertThat(lines())
                .containsExactly(
                        SERVER,
                        "token       opaque, fingerprint F",
                        "active      yes",
                        "issuer      https://login.example.com     subject alice     client web",
                        "expires     in 52 min                     scope   orders:read profile",
                        "audience    https://api.example.com",
                        "GET  /orders/*    allowed   needs orders:read",
                        "POST /orders/*    denied    needs orders:write: would answer 403 insufficient_scope",
                        "caching     60 s (limited by ttl; token itself lives 52 min)");
        assertThat(err()).isEmpty();
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0))
                .startsWith("POST /introspect?key=hidden HTTP/1.1\r\n")
                .endsWith("token=" + TOKEN + "&token_type_hint=access_token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claims: {audience: x}|its audience is not accepted: would answer 401 invalid_token",
                "claims: {issuer: x}|its issuer is not accepted: would answer 401 invalid_token",
                "claims: {required: {a: b}}|a required claim is missing: would answer 403 insufficient_scope",
                "claims: {requireExp: true}|the token has expired, is too old, or has no end: would answer 401"
                        + " invalid_token",
                "claims: {tokenType: mac}|its type is not accepted: would answer 401 invalid_token",
                "stepUp: {acrValues: gold}|needs a stronger or more recent login: would answer 401"
                        + " insufficient_user_authentication",
                "senderConstraint: {mtls: required}|it is bound to no known client certificate: would answer 401"
                        + " invalid_token",
                "errors: {style: express-gateway}|needs orders:read: would answer 401 insufficient_scope",
            })
    void deniesWhatTheGatewayWouldRefuse(String options, String why) throws IOException {
        config(options);
        says("{\"active\":true}");

        assertThat(tryToken()).as(err()).isEqualTo(5);

        assertThat(lines()).contains("GET  /orders/*    denied    " + why);
    }

    @Test
    void tellsThatARefusedTokenPassesAsNobody() throws IOException {
        config("passThrough: true");
        says("{\"active\":true,\"scope\":\"x\"}");

        assertThat(tryToken()).as(err()).isEqualTo(5);

        assertThat(lines())
                .contains("GET  /orders/*    anonymous needs orders:read: would pass without an owner (passThrough)");
    }

    @Test
    void showsTheRulesOfMethods() throws IOException {
        config("scopes: {required: [a, b], match: any, fromApiEndpoint: false, byMethod: {POST: c}}");
        says("{\"active\":true,\"scope\":\"b\"}");

        assertThat(tryToken()).isZero();

        assertThat(lines())
                .contains(
                        "GET  /orders/*    allowed   needs a or b",
                        "POST /orders/*    denied    needs c and a or b: would answer 403 insufficient_scope");
    }

    @Test
    void tellsWhatABoundTokenNeeds() throws IOException {
        config("");
        says("{\"active\":true,\"scope\":\"orders:read\",\"cnf\":{\"x5t#S256\":\"abc\"}}");

        assertThat(tryToken()).isZero();

        assertThat(out()).contains("bound to    a client certificate, which a client must prove to have");
        assertThat(lines()).contains("GET  /orders/*    allowed   needs orders:read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttl: 60|''|60 s (limited by ttl; the token has no end)",
                "ttl: 7200|,'exp':+600|10 min (until the token ends)",
                "'cache: {maxTtl: 20}'|''|20 s (limited by cache.maxTtl; the token has no end)",
                "ttl: 0|''|without end (ttl: 0, and the token has no end)",
                "'cache: {enabled: false}'|''|none (switched off)",
                "'cache: {maxAnswerBytes: 10}'|''|none (larger than cache.maxAnswerBytes)",
            })
    void tellsHowLongTheAnswerIsKept(String options, String exp, String told) throws IOException {
        config(options.replace("'", ""));
        long end = Instant.now().getEpochSecond() + 630;
        says("{\"active\":true,\"scope\":\"orders:read\""
                + exp.replace("''", "").replace("'", "\"").replace("+600", Long.toString(end)) + "}");

        assertThat(tryToken()).isZero();

        assertThat(lines()).contains("caching     " + told);
    }

    @Nested
    class Inactive {
        private void token(String payload) throws IOException {
            Files.writeString(folder.resolve("token.txt"), jwt(payload));
        }

        @Test
        void isExplainedForAnOpaqueToken() throws IOException {
            config("");
            says("{\"active\":false}");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines())
                    .containsExactly(
                            SERVER,
                            "token       opaque, fingerprint F",
                            "active      no",
                            "likely      the gateway asks as client 'gw', perhaps the one that the token was made for:"
                                    + " some servers (Keycloak) want another client to ask",
                            "            it comes from another environment (test, production) than this server",
                            "            it was revoked, or the session that it belongs to has ended",
                            "GET  /orders/*    denied    the server does not call the token active: would answer 401"
                                    + " invalid_token",
                            "POST /orders/*    denied    the server does not call the token active: would answer 401"
                                    + " invalid_token",
                            "caching     5 s (inactive answers, cache.negativeTtl)");
        }

        @Test
        void isExplainedByWhatAJwtSays() throws IOException {
            config("claims: {issuer: https://prod.example.com}");
            token("{\"exp\":" + (Instant.now().getEpochSecond() - 600)
                    + ",\"iss\":\"https://test.example.com\",\"azp\":\"gw\"}");
            says("{\"active\":false}");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines())
                    .containsSubsequence(
                            "token       JWT, fingerprint F",
                            "active      no",
                            "likely      it expired 10 min ago, as it says itself",
                            "            its issuer is at 'test.example.com' and the question went to '127.0.0.1':"
                                    + " some servers (Keycloak) know a token only under the name that it was made under",
                            "            the gateway asks as client 'gw', the one that the token was made for: some"
                                    + " servers (Keycloak) want another client to ask",
                            "            it comes from another environment: its issuer 'https://test.example.com' is"
                                    + " not in 'claims.issuer'",
                            "            it was revoked, or the session that it belongs to has ended");
        }

        @Test
        void namesNoOtherClientAndNoFutureEnd() throws IOException {
            config("");
            token("{\"exp\":1e300,\"iss\":\"https://127.0.0.1\",\"azp\":\"web\"}");
            says("{\"active\":false}");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines().get(3)).startsWith("likely      it comes from another environment");
        }

        @Test
        void isARefusalToJudgeToo() throws IOException {
            config("");
            answers(400, "application/json", "{\"error\":\"invalid_request\"}");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines()).contains("problem     the server refuses to judge this token (status 400)");
        }
    }

    @Nested
    class Failures {
        private static final String UNKNOWN =
                "GET  /orders/*    denied    nothing is known about the token: would answer 503";

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "401|text/plain|no|the server refuses the gateway's own credentials: wrong, or not taken as"
                            + " client_secret_basic",
                    "403|text/plain|no|the server refuses the gateway's own credentials: wrong, or not taken as"
                            + " client_secret_basic",
                    "404|text/plain|no|the server knows no such path: check the path of the endpoint",
                    "405|text/plain|no|the server takes no POST there: this is not its introspection endpoint",
                    "302|text/plain|no|the server redirects, which is not followed: the token must not go elsewhere",
                    "429|text/plain|no|the server takes no more questions for now",
                    "500|text/plain|no|the server failed with status 500: look into its log",
                    "201|text/plain|no|status 201 is no answer to an introspection; only 200 is",
                    "200|text/plain|{\"active\":true}|the answer is labelled 'text/plain', not JSON",
                    "200|application/json|{\"active\":true,\"active\":true}|the answer is labelled JSON but is not one"
                            + " JSON object with proper dates and no name twice",
                })
        void areExplained(int status, String type, String body, String sentence) throws IOException {
            config("");
            answers(status, type, body);

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines()).contains("active      unknown", "problem     " + sentence, UNKNOWN);
            assertThat(lines().get(0)).startsWith("server      http://127.0.0.1/introspect     " + status + " in N ms");
        }

        @Test
        void showTheBeginningOfAPage() throws IOException {
            config("");
            answers(
                    200,
                    "text/html",
                    "<!doctype html>\r\n<title>Log\u001b[31m in " + TOKEN + "</title>\n<p>" + "x".repeat(200));

            assertThat(tryToken()).as(err()).isEqualTo(5);

            String begins = "            it begins: <!doctype html> <title>Log [31m in ***</title> <p>";
            assertThat(lines())
                    .contains("problem     the answer is HTML, a page for people: check the path of the endpoint")
                    .anySatisfy(line -> assertThat(line)
                            .matches(java.util.regex.Pattern.quote(begins) + "x+")
                            .hasSize("            it begins: ".length() + 80));
        }

        @Test
        void nameTheMethodsThatTheServerAdvertises() throws IOException {
            config("claims: {issuer: 'http://127.0.0.1:" + server.port() + "/realms/a'}");
            server.otherwise(connection -> {
                String request = connection.requests().get(connection.requests().size() - 1);
                String issuer = "http://127.0.0.1:" + server.port() + "/realms/a";
                String body = "{\"issuer\":\"" + issuer + "\",\"introspection_endpoint\":\"" + issuer
                        + "/i\",\"introspection_endpoint_auth_methods_supported\":[\"client_secret_post\","
                        + "\"private_key_jwt\"]}";
                connection.send(
                        request.startsWith("GET /.well-known/oauth-authorization-server/realms/a HTTP/1.1")
                                ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                        + body.length() + "\r\n\r\n" + body
                                : "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
            });

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines())
                    .containsSubsequence(
                            "problem     the server refuses the gateway's own credentials: wrong, or not taken as"
                                    + " client_secret_basic",
                            "            the server advertises client_secret_post, private_key_jwt");
        }

        @Test
        void tellThatNothingIsAdvertised() throws IOException {
            config("");
            answers(401, "text/plain", "no");

            tryToken();

            assertThat(lines()).contains("            the server publishes nothing about the methods that it takes");
        }

        @Test
        void tellThatNobodyListens() throws IOException {
            int port = server.port();
            server.close();
            config("127.0.0.1:" + port, "");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(out())
                    .contains("no answer after ", "nobody listens at 127.0.0.1:" + port + ": check host and port");
        }

        @Test
        void tellThatTheNameIsUnknown() throws IOException {
            config("as.invalid", "");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(out()).contains("the name 'as.invalid' is unknown: check the host of the endpoint");
        }

        @Test
        void tellThatTheServerIsSlow() throws IOException {
            config("timeout: 50");
            server.otherwise(connection -> {});

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(out()).contains(" ms: the server is slow, or 'timeout' is too short");
        }

        @Test
        void tellThatThereIsNoTls() throws IOException {
            config("");
            Path file = folder.resolve("gateway.config.yml");
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("http://127.0.0.1:" + server.port(), "https://127.0.0.1:" + server.port()));

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(out()).contains("server      https://127.0.0.1").contains("TLS");
        }

        @ParameterizedTest
        @CsvSource({"127.0.0.1,0", "svc.test,5"})
        void areTrueOfTlsToo(String name, int code) throws Exception {
            PemFixture files = new PemFixture(folder);
            PemFixture.Pair pair = files.issue(name);
            SslContext tls = SslContextBuilder.forServer(
                            pair.cert().toFile(), pair.key().toFile())
                    .build();
            try (ScriptedPeer secure = ScriptedPeer.startTls(tls)) {
                String body = "{\"active\":true,\"scope\":\"orders:read\"}";
                secure.otherwise(ScriptedPeer.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body));
                config("127.0.0.1:" + secure.port(), "tls: {ca: '" + files.ca() + "'}");
                Path file = folder.resolve("gateway.config.yml");
                Files.writeString(file, Files.readString(file).replace("endpoint: http:", "endpoint: https:"));

                assertThat(tryToken()).as(err() + out()).isEqualTo(code);

                assertThat(out().contains("no trusted TLS connection to 127.0.0.1"))
                        .isEqualTo(code == 5);
                assertThat(lines().contains(UNKNOWN)).isEqualTo(code == 5);
            }
        }

        @Test
        void tellThatTheTokenIsNone() throws IOException {
            config("");
            Files.writeString(folder.resolve("token.txt"), TOKEN + " and more");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines())
                    .contains(
                            "server      not asked",
                            "problem     the token is too long, or has characters that no token has: nobody was asked");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Nested
    class Input {
        @Test
        void isAlsoReadFromStandardInputAndTheEnvironment() throws IOException {
            config("");
            says("{\"active\":true,\"scope\":\"orders:read\"}");
            typed = "Bearer " + TOKEN + "\n";
            environment.put("MY_TOKEN", TOKEN);

            assertThat(run("try-token", "--token-stdin")).isZero();
            typed = TOKEN;
            assertThat(run("try-token", "--token-file", "-")).isZero();
            assertThat(run("try-token", "--token-env", "MY_TOKEN")).isZero();

            assertThat(server.requests())
                    .hasSize(3)
                    .allSatisfy(request -> assertThat(request).contains("\r\n\r\ntoken=" + TOKEN + "&"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "try-token marker-token-4711|a token is not taken from the command line",
                    "try-token --token marker-token-4711|a token is not taken from the command line",
                    "try-token --token=marker-token-4711|a token is not taken from the command line",
                    "try-token --token-file token.txt marker-token-4711|a token is not taken from the command line",
                    "try-token|no token: name one with '--token-file', '--token-stdin' or '--token-env'",
                    "try-token --token-file none.txt|the file 'none.txt' with the token cannot be read",
                    "try-token --token-stdin|no token in standard input",
                    "try-token --token-env NONE|no token in the variable 'NONE'",
                    "try-token --token-file token.txt --pipeline odrers|there is no pipeline 'odrers'; did you mean"
                            + " 'orders'?",
                    "try-token --token-file token.txt --pipeline open|pipeline 'open' has no policy"
                            + " 'oauth2-introspect'; those that have it: orders",
                })
        void isRefusedWithASentence(String args, String sentence) throws IOException {
            config("");

            assertThat(run(args.split(" ", -1))).isEqualTo(2);

            assertThat(err()).startsWith("gateway: " + sentence).doesNotContain(TOKEN, "Exception");
            assertThat(out()).isEmpty();
            assertThat(server.requests()).isEmpty();
        }

        @Test
        void isRefusedWithABadConfiguration() throws IOException {
            config("claims: {audence: x}");

            assertThat(tryToken()).as(err()).isEqualTo(3);

            assertThat(err()).contains("error[E0204]: 'audence' is not an option", "hint: did you mean 'audience'?");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Nested
    class Providers {
        private final ScriptedPeer other = ScriptedPeer.start();

        @AfterEach
        void closeOther() {
            other.close();
        }

        /** Two providers of one step: the first is the other server. */
        private void providers(String first, String second) throws IOException {
            config("");
            Path file = folder.resolve("gateway.config.yml");
            String text = Files.readString(file);
            int from = text.indexOf("              endpoint:");
            int to = text.indexOf("      - proxy:");
            String blocks = """
                    providers:
                      - {name: a, endpoint: 'http://127.0.0.1:OTHER/introspect', authorization_value: x, FIRST}
                      - {name: b, endpoint: 'http://127.0.0.1:SERVER/introspect', authorization_value: y, SECOND}
                    """.replace("OTHER", Integer.toString(other.port()))
                    .replace("SERVER", Integer.toString(server.port()))
                    .replace("FIRST", first)
                    .replace("SECOND", second)
                    .indent(14);
            Files.writeString(file, text.substring(0, from) + blocks + text.substring(to));
            says("{\"active\":true,\"scope\":\"orders:read\"}");
            other.otherwise(
                    ScriptedPeer.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"active\":false}"));
        }

        @Test
        void seeNoTokenOfAnother() throws IOException {
            providers("match: {tokenPrefix: a_}", "match: {tokenPrefix: marker}");

            assertThat(tryToken()).as(err()).isZero();

            assertThat(other.connections()).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void areNotAskedAfterTheFirstThatFits() throws IOException {
            providers("match: {tokenPrefix: marker}", "match: {tokenPrefix: mark}");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(server.connections()).isEmpty();
        }

        @Test
        void areAskedInTurnWhereThatIsAllowed() throws IOException {
            providers("tryNext: true, match: {tokenPrefix: marker}", "match: {tokenPrefix: mark}");

            assertThat(tryToken()).as(err()).isZero();

            assertThat(other.requests()).hasSize(1);
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void areRefusedATokenThatIsForNone() throws IOException {
            providers("match: {tokenPrefix: a_}", "match: {tokenPrefix: b_}");

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines())
                    .containsExactly(
                            "problem     no provider of the step is for such tokens: every request would answer 401");
            assertThat(other.connections()).isEmpty();
            assertThat(server.connections()).isEmpty();
        }

        @Test
        void areNotAskedAboutATokenThatTellsItselfThatItIsOver() throws IOException {
            config("jwtPrecheck: true");
            Files.writeString(folder.resolve("token.txt"), jwt("{\"exp\":1}"));

            assertThat(tryToken()).as(err()).isEqualTo(5);

            assertThat(lines())
                    .contains(
                            "server      not asked",
                            "problem     'jwtPrecheck' refuses the token for what it says itself: nobody was asked");
            assertThat(server.connections()).isEmpty();
        }
    }

    @Nested
    class Forms {
        @Test
        void includeJson() throws IOException {
            config("");
            says("{\"active\":true,\"scope\":\"orders:read\",\"sub\":\"al\\u001b[31mice\",\"aud\":[\"a\",\"b\"],"
                    + "\"jti\":\"" + TOKEN + "\",\"iss\":\"x" + TOKEN + "\"}");

            assertThat(tryToken("--output", "json")).isZero();

            assertThat(out())
                    .contains("\"pipeline\":\"orders\",\"allowed\":true")
                    .contains("\"status\":200", "\"client\":\"gw\",\"method\":\"client_secret_basic\"")
                    .contains("\"active\":true", "\"issuer\":\"x***\"", "\"subject\":\"al [31mice\"")
                    .contains("\"audience\":[\"a\",\"b\"]", "\"scope\":[\"orders:read\"]")
                    .contains("{\"method\":\"POST\",\"place\":\"/orders/*\",\"allowed\":false,\"anonymous\":false,"
                            + "\"reason\":\"scope\",\"status\":403,\"error\":\"insufficient_scope\","
                            + "\"needs\":[\"orders:write\"],\"needsOneOf\":[]}")
                    .contains("\"caching\":{\"seconds\":60,\"limit\":\"ttl\"}");
        }

        @Test
        void areColouredOnATerminalOnly() throws IOException {
            config("");
            says("{\"active\":true,\"scope\":\"orders:read\"}");
            environment.put("TERM", "xterm");
            tryToken();
            assertThat(out()).doesNotContain("\u001b[");
            terminal = true;

            tryToken();

            assertThat(out()).contains("active      \u001b[32myes\u001b[0m", "\u001b[31mdenied\u001b[0m    needs");
        }

        @Test
        void nameTheStepsWhenThereAreSeveral() throws IOException {
            config("");
            Path file = folder.resolve("gateway.config.yml");
            String text = Files.readString(file);
            int from = text.indexOf("          - action:");
            int to = text.indexOf("      - proxy:");
            String step = text.substring(from, to);
            Files.writeString(file, text.substring(0, to) + step.replace("/introspect", "/other") + text.substring(to));
            says("{\"active\":true,\"scope\":\"orders:read\"}");

            assertThat(tryToken()).isZero();

            assertThat(lines())
                    .filteredOn(line -> line.startsWith("step        "))
                    .hasSize(2);
            assertThat(server.requests()).hasSize(2);
        }
    }
}
