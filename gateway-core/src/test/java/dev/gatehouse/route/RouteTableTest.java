package dev.gatehouse.route;

import static dev.gatehouse.route.RoutesFixture.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.RouteMatch;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    @Nested
    class Hosts {
        private final RoutesFixture routes = RoutesFixture.of(
                entry("exact").host("api.example.com"),
                entry("wild").host("*.wild.example.com"),
                entry("rx").hostRegex("[a-z]{3}\\.rx\\.example\\.com"),
                entry("any").paths("/fallback", "/fallback/*"));

        @ParameterizedTest
        @CsvSource({
            "api.example.com, /x, exact",
            "API.Example.COM:8443, /x, exact",
            "api.example.com., /x, exact",
            "www.api.example.com, /x, -",
            "api.example.com.evil.test, /x, -",
            "apiXexample.com, /x, -",
            "a.wild.example.com, /x, wild",
            "a.b.wild.example.com, /x, -",
            "ABC.RX.example.com:80, /x, rx",
            "nobody.test, /fallback/x, any",
            "nobody.test, /other, -",
            "'[::1]:8080', /fallback/x, any",
            ", /fallback/x, any",
            ", /x, -",
        })
        void selectsByHost(String host, String path, String endpoint) {
            assertThat(routes.select(host, path)).isEqualTo(endpoint);
        }

        @ParameterizedTest
        @CsvSource({"http://api.example.com/x, exact", "http://API.example.com:80/x, exact"})
        void letsTheHostFieldDecideForAnAbsoluteForm(String target, String endpoint) {
            assertThat(routes.select("api.example.com", target)).isEqualTo(endpoint);
        }

        @Test
        void refusesAnAbsoluteFormWithAnotherAuthority() {
            assertThat(routes.select("api.example.com", "http://internal.example/fallback"))
                    .isEqualTo("BAD_REQUEST");
        }

        @Test
        void takesTheTargetOfARequestWithoutHostAsAPathOnly() {
            assertThat(routes.select(null, "http://api.example.com/fallback")).isEqualTo("any");
        }
    }

    @Nested
    class Order {
        @Test
        void triesEntriesOfOneHostWhereItFirstAppears() {
            RoutesFixture routes = RoutesFixture.of(
                    entry("a").host("g.example.com").paths("/a"),
                    entry("b").paths("/b", "/c"),
                    entry("c").host("g.example.com").paths("/b"));

            assertThat(routes.select("g.example.com", "/b")).isEqualTo("c");
            assertThat(routes.select("x.test", "/b")).isEqualTo("b");
            assertThat(routes.select("g.example.com", "/c")).isEqualTo("b");
        }

        @Test
        void letsAnOpenEntryBeforeANamedHostWin() {
            RoutesFixture routes = RoutesFixture.of(
                    entry("open").paths("/same"),
                    entry("named").host("n.example.com").paths("/same", "/named"));

            assertThat(routes.select("n.example.com", "/same")).isEqualTo("open");
            assertThat(routes.select("n.example.com", "/named")).isEqualTo("named");
        }

        @Test
        void keepsDocumentOrderAmongPaths() {
            RoutesFixture first = RoutesFixture.of(
                    entry("general").paths("/api/*"), entry("special").paths("/api/users"));
            RoutesFixture second = RoutesFixture.of(
                    entry("special").paths("/api/users"), entry("general").paths("/api/*"));

            assertThat(first.select("h", "/api/users")).isEqualTo("general");
            assertThat(second.select("h", "/api/users")).isEqualTo("special");
            assertThat(second.select("h", "/api/users/1")).isEqualTo("general");
        }

        @Test
        void treatsEachEntryOfAListForItself() {
            RoutesFixture routes = RoutesFixture.of(
                    entry("arr").paths("/one").methods("GET"),
                    entry("arr").paths("/two", "/three/*").methods("POST"),
                    entry("arr").host("h.example.com").paths("/four"),
                    entry("arr").pathRegex("^/five[0-9]$"));

            assertThat(routes.select("x", "/one")).isEqualTo("arr");
            assertThat(routes.select("x", "/two")).isEqualTo("-");
            assertThat(routes.select("x", HttpMethod.POST, "/three/x")).isEqualTo("arr");
            assertThat(routes.select("x", "/four")).isEqualTo("-");
            assertThat(routes.select("h.example.com", "/four")).isEqualTo("arr");
            assertThat(routes.select("x", "/five5")).isEqualTo("arr");
            assertThat(routes.select("x", "/five55")).isEqualTo("-");
        }

        @Test
        void goesOnBehindARoute() {
            RoutesFixture routes = RoutesFixture.of(
                    entry("a").paths("/f", "/f*"),
                    entry("n").host("n.test"),
                    entry("b").paths("/*"));
            RequestTarget target = RoutesFixture.target("/f", HttpMethod.GET);
            Route<String> first = routes.route("n.test", "/f");

            assertThat(first.endpoint().name()).isEqualTo("a");
            assertThat(routes.names("n.test", target)).containsExactly("a", "a", "b", "n");
        }

        @Test
        void hasNoPipelineForAnEndpointThatNoPipelineServes() {
            RoutesFixture routes =
                    RoutesFixture.of(entry("orphan").paths("/o"), entry("all").paths("/*"));

            assertThat(routes.route("h", "/o").pipeline()).isNull();
            assertThat(routes.route("h", "/p").pipeline()).isEqualTo("pipeline of all");
        }
    }

    @Nested
    class Methods {
        private final RoutesFixture routes = RoutesFixture.of(
                entry("arr").paths("/arr").methods("GET", "POST"),
                entry("post").paths("/post").methods("POST"),
                entry("head").paths("/head").methods("HEAD"),
                entry("opts").paths("/opts").methods("OPTIONS"),
                entry("none").paths("/none"),
                entry("empty").paths("/empty").methods(),
                entry("g").paths("/m").methods("GET"),
                entry("p").paths("/m").methods("POST", "PUT"));

        @ParameterizedTest
        @CsvSource({
            "GET, /arr, arr",
            "HEAD, /arr, arr",
            "PUT, /arr, -",
            "HEAD, /post, -",
            "GET, /head, -",
            "HEAD, /head, head",
            "OPTIONS, /opts, opts",
            "PROPFIND, /none, none",
            "OPTIONS, /none, none",
            "GET, /empty, -",
            "OPTIONS, /empty, -",
            "GET, /m, g",
            "PUT, /m, p",
            "DELETE, /m, -",
            "OPTIONS, /arr, 'allow GET,HEAD,POST'",
            "OPTIONS, /m, 'allow GET,HEAD,POST,PUT'",
            "OPTIONS, /nowhere, -",
        })
        void selectsByMethod(String method, String path, String result) {
            assertThat(routes.select("h", HttpMethod.valueOf(method), path)).isEqualTo(result);
        }

        @Test
        void answersOptionsInsteadOfAskingLaterGroups() {
            RoutesFixture two = RoutesFixture.of(
                    entry("named").host("n.test").paths("/x").methods("GET"),
                    entry("any").paths("/*"));

            assertThat(two.select("n.test", HttpMethod.OPTIONS, "/x")).isEqualTo("allow GET,HEAD");
            assertThat(two.select("n.test", HttpMethod.OPTIONS, "/y")).isEqualTo("any");
            assertThat(two.select("n.test", HttpMethod.POST, "/x")).isEqualTo("any");
        }

        @Test
        void answersTheAsteriskForTheGateway() {
            assertThat(routes.select("h", HttpMethod.OPTIONS, "*")).startsWith("allow GET,HEAD,POST");
        }
    }

    @Nested
    class Captures {
        @Test
        void describesPathAndHost() {
            RoutesFixture routes =
                    RoutesFixture.of(entry("a").host("*.tenants.test").paths("/u/:uid/o/:oid"));

            RouteMatch match = routes.route("acme.tenants.test:80", "/u/12/o/a%20b")
                    .describe("acme.tenants.test:80", "/u/12/o/a%20b");

            assertThat(match)
                    .isEqualTo(new RouteMatch(
                            "/u/:uid/o/:oid", Map.of("uid", "12", "oid", "a b"), List.of("acme"), "/u".length()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/param/%c0%af", "/param/%ff", "/star/%c0%ae%c0%ae/x", "/star/%ED%A0%80"})
        void refusesCapturesThatAreNotUtf8(String path) {
            RoutesFixture routes = RoutesFixture.of(
                    entry("param").paths("/param/:id"), entry("star").paths("/star/*"));

            assertThat(routes.select("h", path)).isEqualTo("BAD_REQUEST");
        }

        @Test
        void passesWhatIsNotUtf8WhereNothingIsCaptured() {
            assertThat(RoutesFixture.of(entry("a").pathRegex("^/raw/")).select("h", "/raw/%ff"))
                    .isEqualTo("a");
        }
    }

    @Nested
    class Ambiguity {
        private final RoutesFixture routes = RoutesFixture.of(
                entry("public").paths("/public/*"),
                entry("admin").paths("/admin", "/admin/*"),
                entry("mid").paths("/mid/*/end"),
                entry("two").paths("/two/:a"),
                entry("rest").paths("/*"));

        @ParameterizedTest
        @CsvSource({
            "/public/a, public",
            "/public/a?/../../admin/a, public",
            "/ADMIN/a, admin",
            "/%61dmin/a, admin",
            "/admin//a, admin",
            "/public//x///y, public",
            "/mid//end, NO_ROUTE",
            "/two/a%2Fb, BAD_REQUEST",
            "/rest/a%2Fb, rest",
            "/public/a%2Fb, public",
            "/public/a;v=1, public",
            "/public/%252e%252e/admin/a, public",
            "//admin/a, NO_ROUTE",
            "/rest//admin, rest",
            "/admin%2fa, BAD_REQUEST",
            "/admin%5ca, BAD_REQUEST",
            "/admin;x=1/a, BAD_REQUEST",
            "/;x/admin/a, BAD_REQUEST",
            "/admin%3bx/a, BAD_REQUEST",
            "/admin%00/a, BAD_REQUEST",
            "/admin%00, BAD_REQUEST",
            "/adm%09in/a, BAD_REQUEST",
            "/rest%00, rest",
        })
        void demandsOneEndpointForAllReadings(String target, String result) {
            assertThat(routes.select("h", target)).isEqualTo(result);
        }

        @Test
        void routesRepeatedSlashesAsExpressGatewayWhereNobodyOwnsTheOtherReading() {
            RoutesFixture few = RoutesFixture.of(
                    entry("star").paths("/star/*"),
                    entry("mid").paths("/mid/*/end"),
                    entry("exact").paths("/exact"),
                    entry("param").paths("/param/:id"));

            assertThat(few.select("h", "/star//x///y")).isEqualTo("star");
            assertThat(few.select("h", "/mid//end")).isEqualTo("mid");
            assertThat(few.select("h", "//star/x")).isEqualTo("NO_ROUTE");
            assertThat(few.select("h", "/exact//")).isEqualTo("NO_ROUTE");
            assertThat(few.select("h", "/param/a%2Fb")).isEqualTo("param");
            assertThat(few.select("h", "/exact%2F")).isEqualTo("-");
        }

        @Test
        void refusesSlashesThatLeadToAnotherEntryOfTheSameName() {
            RoutesFixture entries = RoutesFixture.of(
                    entry("api").paths("/a/*").scopes("admin"), entry("api").paths("/*"));

            assertThat(entries.select("h", "//a/x")).isEqualTo("NO_ROUTE");
        }
    }

    @Nested
    class Patterns {
        @ParameterizedTest
        @CsvSource({
            "/caf\u00e9, /caf%C3%A9",
            "/caf\u00e9, /caf%c3%a9",
            "/caf%C3%A9, /caf%c3%a9",
            "/a b, /a%20b",
            "/enc%20sp, /enc%20sp",
            "/%7Euser/*, /~user/x",
            "/~user/*, /%7euser/x",
        })
        void normalisesPatternAndRequestAlike(String pattern, String path) {
            assertThat(RoutesFixture.of(entry("a").paths(pattern)).select("h", path))
                    .isEqualTo("a");
        }
    }

    @Nested
    class Advice {
        private List<String> codes(RoutesFixture.EntryFixture... entries) {
            return RoutesFixture.of(entries).problems().stream()
                    .map(Problem::code)
                    .toList();
        }

        @Test
        void saysNothingAboutOrdinaryFiles() {
            assertThat(codes(
                            entry("a").host("a.test").paths("/x", "/x/*"),
                            entry("b").host("*.b.test").methods("GET").paths("/x"),
                            entry("b2").host("*.b.test").paths("/x"),
                            entry("r").hostRegex("^(one|two)\\.test$").pathRegex("^/a|b"),
                            entry("c").paths("/c", "/:any/d"),
                            entry("rest")))
                    .isEmpty();
        }

        @Test
        void showsTheRouteThatHidesAnother() {
            List<Problem> problems = RoutesFixture.of(
                            entry("all").paths("/api/*"), entry("users").paths("/API/users/:id"))
                    .problems();

            assertThat(problems).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo("W0310");
                assertThat(problem.message()).isEqualTo("path '/API/users/:id' of 'users' is never reached");
                assertThat(problem.hints()).containsExactly("'all' (line 1) takes all of its requests first.");
                assertThat(problem.span()).isNotNull();
            });
        }

        @Test
        void findsHiddenRoutesAcrossHosts() {
            assertThat(codes(entry("all"), entry("n").host("n.test").paths("/x")))
                    .containsExactly("W0310");
            assertThat(codes(
                            entry("w").host("*.n.test"),
                            entry("n").host("a.n.test").paths("/x")))
                    .containsExactly("W0310");
            assertThat(codes(entry("n").host("n.test").paths("/x"), entry("all")))
                    .isEmpty();
        }

        @Test
        void countsOnlyMethodsThatAreTaken() {
            assertThat(codes(
                            entry("g").paths("/x").methods("GET"),
                            entry("p").paths("/x").methods("POST")))
                    .isEmpty();
            assertThat(codes(
                            entry("g").paths("/x").methods("GET"),
                            entry("h").paths("/x").methods("HEAD")))
                    .containsExactly("W0310");
            assertThat(codes(entry("g").paths("/x").methods("GET"), entry("all").paths("/x")))
                    .isEmpty();
        }

        @Test
        void warnsWhenGroupingMovesAnEntryUp() {
            assertThat(codes(
                            entry("health").paths("/health"),
                            entry("shop").host("shop.example"),
                            entry("x").paths("/x")))
                    .containsExactly("W0311");
            assertThat(codes(
                            entry("health").paths("/health"),
                            entry("shop").host("shop.example").paths("/shop/*"),
                            entry("x").paths("/x")))
                    .isEmpty();
            assertThat(codes(
                            entry("a").host("a.test").paths("/x"),
                            entry("b").host("b.test"),
                            entry("c").host("a.test").paths("/y")))
                    .isEmpty();
        }

        @Test
        void warnsAboutPatternsThatNeverMatch() {
            assertThat(codes(entry("a").host("port.com:8080"))).containsExactly("W0312");
            assertThat(codes(entry("a").paths("nolead"))).containsExactly("W0313");
            assertThat(codes(entry("a").host("[::1]"))).isEmpty();
        }

        @Test
        void warnsAboutLooseRegularExpressions() {
            assertThat(codes(entry("a").pathRegex("/x"))).containsExactly("W0314");
            assertThat(codes(entry("a").hostRegex("foo|bar\\.com"))).containsExactly("W0315");
            assertThat(codes(entry("a").hostRegex("[a|b]\\|(x|y)"))).isEmpty();
        }

        @Test
        void reportsWhatCannotBeCompiledAndLeavesItOut() {
            RoutesFixture routes = RoutesFixture.of(
                    entry("h").hostRegex("("),
                    entry("p").pathRegex("["),
                    entry("e").paths("/a(", "/ok"));

            assertThat(routes.problems().stream().map(Problem::code)).containsExactly("E0310", "E0311", "E0312");
            assertThat(routes.select("h", "/ok")).isEqualTo("e");
        }
    }

    @Test
    void refusalsAreOnlyThoseTwo() {
        assertThat(new Selection.Refused<>(Refusal.BAD_REQUEST, "").refusal().status())
                .isEqualTo(400);
        assertThat(new Selection.Refused<>(Refusal.NO_ROUTE, "").refusal().status())
                .isEqualTo(404);
    }
}
