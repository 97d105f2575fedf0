package dev.gatehouse.policies.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.RouteMatch;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyPolicyTest {
    private static final String BACKEND = "http://10.0.0.7:3000";

    private static ProxyFixture backend(String options) {
        return ProxyFixture.action("serviceEndpoint: backend\n" + options).service("backend", "", BACKEND);
    }

    private static ForwardPlan plan(ExchangeFixture exchange) {
        return requireNonNull(exchange.forwarded(), "not forwarded");
    }

    private static ForwardPlan plan(ProxyFixture proxy, String target) {
        return plan(ExchangeFixture.get(target).run(proxy.policy()));
    }

    @Nested
    class Plain {
        @Test
        void forwardsTheTargetAsItIs() {
            ExchangeFixture exchange = ExchangeFixture.get(new String("/orders/7?full=1"));

            exchange.run(ProxyFixture.to(BACKEND).policy());

            assertThat(plan(exchange))
                    .isEqualTo(new ForwardPlan(
                            "backend", List.of(new Target("10.0.0.7", 3000, null)), "/orders/7?full=1", null, false));
            assertThat(plan(exchange).requestTarget())
                    .isSameAs(exchange.request().uri());
        }

        @Test
        void namesTheServiceInTheHostFieldAndTheRequest() {
            ExchangeFixture exchange = ExchangeFixture.get("/")
                    .host("public.example.com")
                    .header("eg-request-id", "spoofed")
                    .bearer("client");

            exchange.run(ProxyFixture.to(BACKEND).policy());

            assertThat(exchange.request().headers().getAll("host")).containsExactly("10.0.0.7:3000");
            assertThat(exchange.request().headers().getAll("eg-request-id")).containsExactly(exchange.id());
            assertThat(exchange.request().headers().get("authorization")).isEqualTo("Bearer client");
            assertThat(exchange.request().headers().contains("x-forwarded-for")).isFalse();
        }

        @Test
        void keepsTheHostOfTheClientWithoutChangeOrigin() {
            Policy policy = backend("changeOrigin: false").policy();

            ExchangeFixture named =
                    ExchangeFixture.get("/").host("public.example.com:8080").run(policy);
            ExchangeFixture nameless = ExchangeFixture.get("/").host(null).run(policy);

            assertThat(named.request().headers().get("host")).isEqualTo("public.example.com:8080");
            assertThat(nameless.request().headers().get("host")).isEqualTo("10.0.0.7:3000");
        }

        @Test
        void leavesTheAnswerAlone() {
            ExchangeFixture exchange =
                    ExchangeFixture.get("/").run(ProxyFixture.to(BACKEND).policy());

            HttpHeaders answer = exchange.respond(302, "location", BACKEND + "/x", "set-cookie", "a=1; Path=/in")
                    .headers();

            assertThat(answer.get("location")).isEqualTo(BACKEND + "/x");
            assertThat(answer.get("set-cookie")).isEqualTo("a=1; Path=/in");
        }

        @Test
        void refusesEverythingWithoutServiceEndpoint() {
            ProxyFixture proxy = ProxyFixture.action("xfwd: true");

            ExchangeFixture exchange = ExchangeFixture.get("/").run(proxy.policy());

            assertThat(requireNonNull(exchange.reply()).refusal()).isEqualTo(Refusal.NO_SERVICE);
            assertThat(exchange.forwarded()).isNull();
            assertThat(proxy.found())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.code()).isEqualTo("W0441"));
        }

        @Test
        void isTerminal() {
            assertThat(new ProxyPolicy.Factory().terminal()).isTrue();
            assertThat(new ProxyPolicy.Factory().name()).isEqualTo("proxy");
        }
    }

    @Nested
    class Paths {
        @ParameterizedTest(name = "{0} + {1}")
        @CsvSource({
            "'', '', /a?x=1, /a?x=1",
            "/, '', /a?x=1, /a?x=1",
            "/base, '', /a?x=1, /base/a?x=1",
            "/base/, '', /a?x=1, /base/a?x=1",
            "/base, '', /, /base/",
            "/base//sub/, '', /a?u=http://h//p, /base/sub/a?u=http://h//p",
            "/base/, 'prependPath: false', /a?x=1, /a?x=1",
            "/base/, 'ignorePath: true', /a?x=1, /base/",
            "/base, 'ignorePath: true', /a?x=1, /base",
            "'', 'ignorePath: true', /a?x=1, /",
            "/base/, '{prependPath: false, ignorePath: true}', /a?x=1, /",
            "/base?key=1, '', /x?y=2, /base/x?key=1&y=2",
            "/base?key=1, '', /x, /base/x?key=1",
            "/base?key=1, '', /x?, /base/x?key=1&",
            "/base?key=1, 'ignorePath: true', /x?y=2, /base?key=1",
            "/base?key=1, 'prependPath: false', /x?y=2, /x?y=2",
        })
        void joinsBaseAndTarget(String base, String options, String target, String outgoing) {
            String yaml = options.startsWith("{") ? options.substring(1, options.length() - 1) : options;
            ProxyFixture proxy = ProxyFixture.action("serviceEndpoint: backend\n" + yaml.replace(", ", "\n"))
                    .service("backend", "", BACKEND + base);

            assertThat(plan(proxy, target).requestTarget()).isEqualTo(outgoing);
        }

        @ParameterizedTest(name = "{0} cut at {1}")
        @CsvSource({
            "/api/v1?x=1, 7, /base/?x=1",
            "/api/v1, 7, /base/",
            "/api/, 4, /base/",
            "/api/v1/a/b?x=1, 8, /base/a/b?x=1",
            "/u/42/x?x=1, 3, /base/42/x?x=1",
            "/billing/a, 5, /base/ing/a",
            "/any/thing?c=1, 0, /base/any/thing?c=1",
            "/opt, 5, /base/",
            "/api/a%2Fb%20c?d=%26, 5, /base/a%2Fb%20c?d=%26",
        })
        void stripsWhatThePatternMatched(String target, int prefix, String outgoing) {
            Policy policy = ProxyFixture.action("serviceEndpoint: backend\nstripPath: true")
                    .service("backend", "", BACKEND + "/base/")
                    .policy();
            ExchangeFixture exchange =
                    ExchangeFixture.get(target).match(new RouteMatch("/p", Map.of(), List.of(), prefix));

            assertThat(plan(exchange.run(policy)).requestTarget()).isEqualTo(outgoing);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/bill../admin", "/bill..;/admin", "/bill..%2fadmin", "/bill.", "/bill./x"})
        void refusesDotSegmentsThatOnlyStrippingMakes(String target) {
            ExchangeFixture exchange =
                    ExchangeFixture.get(target).match(new RouteMatch("/bill*", Map.of(), List.of(), 5));

            exchange.run(backend("stripPath: true").policy());

            assertThat(requireNonNull(exchange.reply()).refusal()).isEqualTo(Refusal.BAD_REQUEST);
            assertThat(exchange.forwarded()).isNull();
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({
            "/v2/a?b=1, /v2/a?b=1",
            "a/b, /a/b",
            "//a///b?c=//, /a/b?c=//",
            "/a#frag, /a",
            "http://elsewhere/x?y, /x?y",
        })
        void forwardsWhatAnExpressionWrote(String written, String outgoing) {
            ExchangeFixture exchange = ExchangeFixture.get("/v1/a");
            Policy rewrite = x -> {
                x.request().setUri(written);
                return Verdict.next();
            };

            exchange.run(rewrite, ProxyFixture.to(BACKEND).policy());

            assertThat(plan(exchange).requestTarget()).isEqualTo(outgoing);
        }

        @ParameterizedTest
        @ValueSource(strings = {"../admin", "/a/../b", "/x\\y", "/%zz", "/\u65e5"})
        void refusesUnsafeTargetsOfExpressions(String written) {
            ExchangeFixture exchange = ExchangeFixture.get("/v1/a");
            Policy rewrite = x -> {
                x.request().setUri(written);
                return Verdict.next();
            };

            exchange.run(rewrite, ProxyFixture.to(BACKEND).policy());

            assertThat(requireNonNull(exchange.reply()).refusal()).isEqualTo(Refusal.BAD_REQUEST);
        }

        @Test
        void forgetsARewrittenTargetWhenItStrips() {
            ExchangeFixture exchange =
                    ExchangeFixture.get("/api/x").match(new RouteMatch("/api/*", Map.of(), List.of(), 5));
            Policy rewrite = x -> {
                x.request().setUri("/other");
                return Verdict.next();
            };

            exchange.run(rewrite, backend("stripPath: true").policy());

            assertThat(plan(exchange).requestTarget()).isEqualTo("/x");
        }
    }

    @Nested
    class Services {
        @Test
        void takesUrlsInTurn() {
            Policy policy = ProxyFixture.to(BACKEND, "http://b.test/two", "http://c.test:81")
                    .policy();
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ExchangeFixture exchange = ExchangeFixture.get("/" + i).run(policy);
                seen.add(exchange.request().headers().get("host")
                        + plan(exchange).requestTarget());
            }

            assertThat(seen).containsExactly("10.0.0.7:3000/0", "b.test/two/1", "c.test:81/2", "10.0.0.7:3000/3");
        }

        @Test
        void countsEachStepForItself() {
            Policy first = ProxyFixture.to(BACKEND, "http://b.test").policy();
            Policy second = ProxyFixture.to(BACKEND, "http://b.test").policy();

            ExchangeFixture.get("/").run(first);

            assertThat(plan(ExchangeFixture.get("/").run(second))
                            .targets()
                            .get(0)
                            .host())
                    .isEqualTo("10.0.0.7");
        }

        @Test
        void offersOtherUrlsOfTheSamePathAsSubstitutes() {
            Policy policy = ProxyFixture.to("http://a.test/x", "http://b.test/y", "http://c.test/x")
                    .policy();

            assertThat(plan(ExchangeFixture.get("/").run(policy)).targets())
                    .extracting(Target::host)
                    .containsExactly("a.test", "c.test");
            assertThat(plan(ExchangeFixture.get("/").run(policy)).targets())
                    .extracting(Target::host)
                    .containsExactly("b.test");
        }

        @ParameterizedTest
        @CsvSource({
            "http://my_service:3000/x, my_service, 3000, my_service:3000",
            "http://[::1]:81, ::1, 81, [::1]:81",
            "http://plain.test, plain.test, 80, plain.test",
            "https://plain.test, plain.test, 443, plain.test",
            "https://plain.test:8443, plain.test, 8443, plain.test:8443",
            "http://user:pw@plain.test:, plain.test, 80, plain.test",
        })
        void readsHostAndPort(String url, String host, int port, String authority) {
            Target target = plan(ProxyFixture.to(url), "/").targets().get(0);

            assertThat(target.host()).isEqualTo(host);
            assertThat(target.port()).isEqualTo(port);
            assertThat(target.authority()).isEqualTo(authority);
        }

        @Test
        void refusesToStartWithAnUnknownServiceEndpoint() {
            ProxyFixture proxy = ProxyFixture.action("serviceEndpoint: ordres")
                    .service("orders", "", BACKEND)
                    .service("billing", "", BACKEND);
            proxy.policy();

            assertThat(proxy.found()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo("E0302");
                assertThat(problem.message()).isEqualTo("service endpoint 'ordres' is not defined");
                assertThat(problem.hints())
                        .containsExactly(
                                "did you mean 'orders' (line 1)?", "defined service endpoints: billing, orders.");
                assertThat(requireNonNull(problem.span()).column()).isEqualTo(18);
            });
        }
    }

    @Nested
    class Headers {
        @Test
        void replacesHeadersOfTheClientInAnyLetterCase() {
            ExchangeFixture exchange = ExchangeFixture.get("/")
                    .header("X-Key", "client")
                    .header("x-key", "again")
                    .header("other", "stays");

            exchange.run(backend("headers: {X-KEY: gateway, Host: fixed.test, eg-request-id: mine}")
                    .policy());

            assertThat(exchange.request().headers().getAll("x-key")).containsExactly("gateway");
            assertThat(exchange.request().headers().getAll("host")).containsExactly("fixed.test");
            assertThat(exchange.request().headers().getAll("eg-request-id")).containsExactly("mine");
            assertThat(exchange.request().headers().get("other")).isEqualTo("stays");
        }

        @Test
        void sendsConfiguredCredentialsInPlaceOfThoseOfTheClient() {
            ExchangeFixture exchange = ExchangeFixture.get("/").bearer("client");

            exchange.run(backend("auth: 'svc:p@ss'").policy());

            assertThat(exchange.request().headers().getAll("authorization")).containsExactly("Basic c3ZjOnBAc3M=");
        }

        @Test
        void usesCredentialsInsideTheUrlUnlessAuthIsSet() {
            ExchangeFixture inside = ExchangeFixture.get("/")
                    .run(ProxyFixture.to("http://us+er:p%40w@h.test").policy());
            ExchangeFixture both = ExchangeFixture.get("/")
                    .run(ProxyFixture.action("serviceEndpoint: backend\nauth: 'svc:pw'")
                            .service("backend", "", "http://user:pw@h.test")
                            .policy());

            assertThat(inside.request().headers().get("authorization")).isEqualTo("Basic dXMrZXI6cEB3");
            assertThat(inside.request().headers().get("host")).isEqualTo("h.test");
            assertThat(both.request().headers().get("authorization")).isEqualTo("Basic c3ZjOnB3");
        }

        @Test
        void keepsCredentialsOutOfItsText() {
            Target target = new Target("h.test", 80, null);
            ServiceUrls urls =
                    ServiceUrls.of(List.of(URI.create("http://user:s3cret@h.test/x")), true, url -> target, null);

            assertThat(urls.next().toString())
                    .isEqualTo("h.test/x")
                    .doesNotContain(requireNonNull(urls.next().authorization()));
        }

        @Test
        void tellsTheServiceAboutTheClient() {
            ExchangeFixture exchange = ExchangeFixture.get("/").host("pub.example.com:8080");

            exchange.run(backend("xfwd: true").policy());

            assertThat(exchange.request().headers().get("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(exchange.request().headers().get("x-forwarded-port")).isEqualTo("8080");
            assertThat(exchange.request().headers().get("x-forwarded-proto")).isEqualTo("http");
            assertThat(exchange.request().headers().get("x-forwarded-host")).isEqualTo("pub.example.com:8080");
        }

        @Test
        void appendsToWhatOtherProxiesTold() throws Exception {
            InetAddress loopback =
                    InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
            ExchangeFixture exchange = ExchangeFixture.get("/")
                    .host("pub.example.com")
                    .header("x-forwarded-for", "1.2.3.4")
                    .header("x-forwarded-for", "5.6.7.8")
                    .header("x-forwarded-proto", "http")
                    .header("x-forwarded-port", "80")
                    .header("x-forwarded-host", "orig.test")
                    .peer(new Peer(
                            new InetSocketAddress(loopback, 4000),
                            new InetSocketAddress(loopback, 443),
                            true,
                            null,
                            false));

            exchange.run(backend("xfwd: true").policy());

            assertThat(exchange.request().headers().getAll("x-forwarded-for"))
                    .containsExactly("1.2.3.4, 5.6.7.8,0:0:0:0:0:0:0:1");
            assertThat(exchange.request().headers().get("x-forwarded-proto")).isEqualTo("http,https");
            assertThat(exchange.request().headers().get("x-forwarded-port")).isEqualTo("80,443");
            assertThat(exchange.request().headers().get("x-forwarded-host")).isEqualTo("orig.test");
        }

        @ParameterizedTest
        @CsvSource({
            "content-length, 5, E0442",
            "Transfer-Encoding, chunked, E0442",
            "'a b', x, E0442",
            "x-a, 'a\nb', E0442",
            "x-a, \u65e5, E0442",
            "Connection, keep-alive, W0447",
        })
        void refusesHeadersThatCannotBeSet(String name, String value, String code) {
            ProxyFixture proxy = backend("headers: {\"" + name + "\": \"" + value.replace("\n", "\\n") + "\"}");

            ExchangeFixture exchange = ExchangeFixture.get("/").run(proxy.policy());

            assertThat(proxy.found())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.code()).isEqualTo(code));
            assertThat(exchange.request().headers().contains(name)).isFalse();
        }
    }

    @Nested
    class Connections {
        @Test
        void verifiesTlsUnlessToldOtherwise() {
            Policy safe = ProxyFixture.to("https://h.test").policy();
            Policy blind = ProxyFixture.action("serviceEndpoint: backend\nsecure: false")
                    .service("backend", "", "https://h.test")
                    .policy();

            assertThat(plan(ExchangeFixture.get("/").run(safe)).targets().get(0).tls())
                    .isEqualTo(TlsSettings.DEFAULT);
            assertThat(plan(ExchangeFixture.get("/").run(blind))
                            .targets()
                            .get(0)
                            .tls())
                    .isEqualTo(new TlsSettings(false, List.of(), null, null, null));
        }

        @Test
        void usesTheFilesOfTheServiceEndpoint() {
            Policy policy = ProxyFixture.action("serviceEndpoint: backend")
                    .service("backend", "target: {caFile: ca.pem, certFile: c.pem, keyFile: k.pem}", "https://h.test")
                    .policy();

            assertThat(plan(ExchangeFixture.get("/").run(policy))
                            .targets()
                            .get(0)
                            .tls())
                    .isEqualTo(new TlsSettings(
                            true,
                            List.of(Path.of("/resolved/ca.pem")),
                            Path.of("/resolved/c.pem"),
                            Path.of("/resolved/k.pem"),
                            null));
        }

        @Test
        void refusesACertificateWithoutKey() {
            ProxyFixture proxy = backend("target: {certFile: c.pem}");

            assertThatThrownBy(proxy::policy).isInstanceOf(ConfigProblem.class);
            assertThat(proxy.found().get(0).message()).contains("needs 'keyFile'");
        }

        @ParameterizedTest
        @CsvSource({
            "'proxyTimeout: 400', 400",
            "'timeout: 300', 300",
            "'timeout: 300\nproxyTimeout: 400', 400",
            "'proxyTimeout: 0', ",
            "'', ",
        })
        void limitsTheWaitForResponseHeaders(String options, Long millis) {
            assertThat(plan(backend(options), "/").responseTimeout())
                    .isEqualTo(millis == null ? null : Duration.ofMillis(millis));
        }

        @ParameterizedTest
        @ValueSource(strings = {"timeout: -1", "proxyTimeout: -1"})
        void refusesNegativeTimes(String option) {
            assertThatThrownBy(() -> backend(option).policy()).isInstanceOf(ConfigProblem.class);
        }
    }

    @Nested
    class Layers {
        @Test
        void letsTheServiceEndpointWinOverTheAction() {
            ProxyFixture proxy = ProxyFixture.action("serviceEndpoint: backend\nignorePath: false\nchangeOrigin: false")
                    .service("backend", "ignorePath: true", BACKEND + "/b");
            ExchangeFixture exchange =
                    ExchangeFixture.get("/x").host("pub.test").run(proxy.policy());

            assertThat(plan(exchange).requestTarget()).isEqualTo("/b");
            assertThat(exchange.request().headers().get("host")).isEqualTo("pub.test");
            assertThat(proxy.found()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo("W0443");
                assertThat(requireNonNull(problem.span()).line()).isEqualTo(2);
            });
        }

        @Test
        void letsProxyOptionsOfTheActionWinOverBoth() {
            ProxyFixture proxy = ProxyFixture.action("""
                            serviceEndpoint: backend
                            changeOrigin: false
                            proxyOptions:
                              changeOrigin: true
                              headers: { X-From: action }
                            """)
                    .service("backend", "headers: {X-From: service, X-Other: service}", BACKEND + "/b");
            ExchangeFixture exchange =
                    ExchangeFixture.get("/x").host("pub.test").run(proxy.policy());

            assertThat(plan(exchange).requestTarget()).isEqualTo("/b/x");
            assertThat(exchange.request().headers().get("host")).isEqualTo("10.0.0.7:3000");
            assertThat(exchange.request().headers().get("x-from")).isEqualTo("action");
            assertThat(exchange.request().headers().contains("x-other")).isFalse();
            assertThat(proxy.found()).extracting(problem -> problem.code()).containsExactly("W0442");
        }

        @Test
        void reportsUnknownOptionsOfTheServiceEndpoint() {
            ProxyFixture proxy =
                    ProxyFixture.action("serviceEndpoint: backend").service("backend", "stripPaht: true", BACKEND);

            assertThat(proxy.advice())
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("stripPaht"));
        }
    }

    @Nested
    class Advice {
        @ParameterizedTest
        @CsvSource({
            "toProxy, true, W0445",
        })
        void namesOptionsWithoutEffectAndTheirPlace(String option, String value, String code) {
            ProxyFixture proxy = backend(option + ": " + value);
            proxy.policy();

            assertThat(proxy.found()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(code);
                assertThat(problem.message()).contains("'" + option + "'");
                assertThat(requireNonNull(problem.span()).line()).isEqualTo(2);
                assertThat(problem.path()).endsWith(".action." + option);
            });
        }

        @Test
        void saysNothingAboutOptionsThatAreOff() {
            assertThat(backend("followRedirects: false\nws: false\ntoProxy: false")
                            .advice())
                    .isEmpty();
        }

        @Test
        void warnsWhenNothingCanBeStripped() {
            assertThat(backend("stripPath: true").pathRegex("^/rx").advice())
                    .singleElement()
                    .satisfies(text -> assertThat(text).startsWith("W0446"));
        }
    }

    @Nested
    class Answers {
        private String location(ProxyFixture proxy, String host, int status, String location) {
            return ExchangeFixture.get("/")
                    .host(host)
                    .run(proxy.policy())
                    .respond(status, "location", location)
                    .headers()
                    .get("location");
        }

        @ParameterizedTest
        @ValueSource(ints = {201, 301, 302, 303, 307, 308})
        void putsTheClientsHostIntoRedirects(int status) {
            assertThat(location(backend("autoRewrite: true"), "pub.test:8080", status, BACKEND + "/n?x=1#f"))
                    .isEqualTo("http://pub.test:8080/n?x=1#f");
        }

        @ParameterizedTest
        @CsvSource({
            "200, http://10.0.0.7:3000/n",
            "302, http://other.test/next",
            "302, /next",
            "302, //10.0.0.7:3000/x",
            "302, http://10.0.0.7/n",
            "302, http://10.0.0.7:3000.evil.test/n",
        })
        void leavesOtherLocationsAlone(int status, String location) {
            assertThat(location(backend("autoRewrite: true"), "pub.test", status, location))
                    .isEqualTo(location);
        }

        @Test
        void rewritesHostAndScheme() {
            assertThat(location(backend("hostRewrite: fixed.test"), "pub.test", 302, BACKEND + "/n"))
                    .isEqualTo("http://fixed.test/n");
            assertThat(location(backend("protocolRewrite: https"), "pub.test", 302, BACKEND + "/n"))
                    .isEqualTo("https://10.0.0.7:3000/n");
            assertThat(location(backend("autoRewrite: true\nprotocolRewrite: https"), "pub.test", 302, BACKEND))
                    .isEqualTo("https://pub.test");
        }

        @Test
        void knowsTheServiceWithItsDefaultPort() {
            ProxyFixture proxy = ProxyFixture.action("serviceEndpoint: backend\nautoRewrite: true")
                    .service("backend", "", "http://Svc.test");

            assertThat(location(proxy, "pub.test", 302, "http://svc.test:80/n")).isEqualTo("http://pub.test/n");
        }

        @Test
        void leavesRepliesOfTheGatewayAlone() {
            Policy proxy = backend("autoRewrite: true\ncookiePathRewrite: /x").policy();
            Reply failure = Reply.refuse(Refusal.UPSTREAM_CONNECT)
                    .withStatus(302)
                    .withHeader("location", BACKEND + "/n")
                    .withHeader("set-cookie", "a=1; Path=/");
            ExchangeFixture exchange = ExchangeFixture.get("/").run(x -> {
                proxy.apply(x);
                return Verdict.reply(failure);
            });

            assertThat(exchange.respondWithReply().headers().get("location")).isEqualTo(BACKEND + "/n");
            assertThat(exchange.respondWithReply().headers().get("set-cookie")).isEqualTo("a=1; Path=/");
        }

        @Test
        void rewritesCookies() {
            ProxyFixture proxy = ProxyFixture.action("serviceEndpoint: backend").service("backend", """
                            cookieDomainRewrite: pub.example.com
                            cookiePathRewrite:
                              /in: /out
                              /gone: ""
                              '*': /
                            """, BACKEND);
            ExchangeFixture exchange = ExchangeFixture.get("/").run(proxy.policy());

            assertThat(exchange.respond(
                                    200,
                                    "set-cookie",
                                    "a=1; Domain=stub.test; Path=/in",
                                    "set-cookie",
                                    "b=2; path=/else; Secure",
                                    "set-cookie",
                                    "c=3",
                                    "set-cookie",
                                    "d=4; Path=/gone; HttpOnly")
                            .headers()
                            .getAll("set-cookie"))
                    .containsExactly(
                            "a=1; Domain=pub.example.com; Path=/out", "b=2; path=/; Secure", "c=3", "d=4; HttpOnly");
        }

        @Test
        void switchesCookieRewritingOffWithFalse() {
            ExchangeFixture exchange = ExchangeFixture.get("/")
                    .run(backend("cookieDomainRewrite: false").policy());

            assertThat(exchange.respond(200, "set-cookie", "a=1; Domain=x.test")
                            .headers()
                            .get("set-cookie"))
                    .isEqualTo("a=1; Domain=x.test");
        }

        @Test
        void refusesAnotherTypeForCookies() {
            assertThat(backend("cookieDomainRewrite: [a]").advice())
                    .singleElement()
                    .satisfies(text -> assertThat(text).startsWith("E0203"));
        }

        @Test
        void keepsTheCaseOfHeaderNamesOnRequest() {
            assertThat(plan(backend("preserveHeaderKeyCase: true"), "/").preserveHeaderCase())
                    .isTrue();
        }
    }
}
