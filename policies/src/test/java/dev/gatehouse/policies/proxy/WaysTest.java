package dev.gatehouse.policies.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.NoProxy;
import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.client.UrlPlace;
import dev.gatehouse.client.Way;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.exchange.ExchangeFixture;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaysTest {
    private static final String CLEARTEXT = "http://svc.test:3000";
    private static final String TLS = "https://svc.test";

    private static ProxyFixture backend(String options, String... urls) {
        return ProxyFixture.action("serviceEndpoint: backend\n" + options).service("backend", "", urls);
    }

    private static List<Target> targets(ProxyFixture proxy) {
        ExchangeFixture exchange = ExchangeFixture.get("/").run(proxy.policy());
        return requireNonNull(exchange.forwarded(), "not forwarded").targets();
    }

    private static Way way(ProxyFixture proxy) {
        return targets(proxy).get(0).way();
    }

    private static @Nullable String proxy(ProxyFixture proxy) {
        ForwardProxy found = way(proxy).proxy();
        return found == null ? null : found.toString();
    }

    private static void assertRefused(ProxyFixture proxy, String code, int line, String option) {
        proxy.policy();

        assertThat(proxy.found()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.severity()).isEqualTo(Severity.ERROR);
            assertThat(requireNonNull(problem.span()).line()).isEqualTo(line);
            assertThat(problem.path()).endsWith(".action." + option);
        });
    }

    @Nested
    class Written {
        @Test
        void connectsDirectlyWithoutOptions() {
            assertThat(way(backend("", CLEARTEXT))).isEqualTo(Way.DIRECT);
        }

        @ParameterizedTest
        @CsvSource({
            "http://proxy.test:3128, http://proxy.test:3128",
            "http://proxy.test, http://proxy.test",
            "HTTP://proxy.test/ignored, http://proxy.test",
            "https://proxy.test, https://proxy.test",
            "'http://[::1]:3128', 'http://[::1]:3128'",
        })
        void goesThroughTheProxy(String url, String shown) {
            assertThat(proxy(backend("proxyUrl: '" + url + "'", CLEARTEXT))).isEqualTo(shown);
            assertThat(proxy(backend("proxyUrl: '" + url + "'", TLS))).isEqualTo(shown);
        }

        @Test
        void keepsTheCredentialsOfTheProxySecret() {
            ForwardProxy proxy =
                    requireNonNull(way(backend("proxyUrl: 'http://us+er:p%40w@proxy.test:3128'", CLEARTEXT))
                            .proxy());

            assertThat(proxy.authorization()).isEqualTo("Basic dXMrZXI6cEB3");
            assertThat(proxy.toString()).isEqualTo("http://proxy.test:3128");
            assertThat(new Target("svc.test", 80, null, Way.over(proxy, null)).toString())
                    .doesNotContain("Basic");
        }

        @Test
        void takesThemFromTheServiceEndpointAndTheOldPlace() {
            ProxyFixture ofService = ProxyFixture.action("serviceEndpoint: backend")
                    .service("backend", "proxyUrl: 'http://one.test'", CLEARTEXT);
            ProxyFixture nested = ProxyFixture.action("""
                            serviceEndpoint: backend
                            proxyUrl: 'http://one.test'
                            proxyOptions:
                              proxyUrl: 'http://three.test'
                              localAddress: 127.0.0.1
                            """).service("backend", "proxyUrl: 'http://two.test'", CLEARTEXT);

            assertThat(proxy(ofService)).isEqualTo("http://one.test");
            assertThat(proxy(nested)).isEqualTo("http://three.test");
            assertThat(way(nested).from()).isEqualTo(InetAddress.getLoopbackAddress());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "proxy.test:3128",
                    "ftp://proxy.test",
                    "socks5://user:s3cret@proxy.test",
                    "pac+http://proxy.test/x.pac",
                    "'http://'",
                    "'http://user:s3cret@'",
                    "'http://proxy.test:0'",
                    "'http://proxy.test:65536'",
                    "'http://user:s3cret@proxy.test:s3cret'",
                    "'http://user:s3 cret@proxy.test'",
                    "7",
                })
        void refusesAProxyThatCannotBeUsed(String url) {
            ProxyFixture proxy = backend("proxyUrl: " + url, CLEARTEXT);

            assertRefused(proxy, "E0443", 2, "proxyUrl");
            assertThat(proxy.found().toString()).doesNotContain("s3cret");
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "'::1'", "10.1.2.3"})
        void connectsFromTheAddress(String address) throws Exception {
            assertThat(way(backend("localAddress: " + address, CLEARTEXT)).from())
                    .isEqualTo(InetAddress.getByName(address.replace("'", "")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"localhost", "10.0.0", "10.0.0.256", "10.0.0.1:80", "eth0", "7"})
        void refusesAnAddressThatIsNone(String address) {
            assertRefused(backend("localAddress: '" + address + "'", CLEARTEXT), "E0445", 2, "localAddress");
        }

        @Test
        void connectsToASocket() {
            Target target = targets(backend("target: {socketPath: /run/svc.sock}", "http://svc.test/base"))
                    .get(0);

            assertThat(target.way().socket()).isEqualTo(Path.of("/run/svc.sock"));
            assertThat(target.authority()).isEqualTo("svc.test");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "target: {socketPath: ''}",
                    "target: {socketPath: \"a\\0b\"}",
                    "target: {socketPath: /run/0123456789012345678901234567890123456789012345678901234567890123456789"
                            + "0123456789012345678901234567890123}",
                })
        void refusesASocketThatCannotBe(String option) {
            assertRefused(backend(option, CLEARTEXT), "E0446", 2, "target.socketPath");
        }

        @ParameterizedTest
        @ValueSource(strings = {"proxyUrl: 'http://proxy.test'", "localAddress: 127.0.0.1"})
        void refusesASocketTogetherWithAWay(String other) {
            assertRefused(
                    backend(other + "\ntarget: {socketPath: /run/svc.sock}", CLEARTEXT),
                    "E0446",
                    3,
                    "target.socketPath");
        }
    }

    @Nested
    class Environment {
        @ParameterizedTest
        @CsvSource({
            "http_proxy,  http://svc.test,  true",
            "HTTP_PROXY,  http://svc.test,  true",
            "https_proxy, http://svc.test,  false",
            "HTTPS_PROXY, http://svc.test,  false",
            "http_proxy,  https://svc.test, true",
            "HTTP_PROXY,  https://svc.test, true",
            "https_proxy, https://svc.test, true",
            "HTTPS_PROXY, https://svc.test, true",
        })
        void namesTheProxy(String variable, String url, boolean used) {
            ProxyFixture proxy = backend("", url).environment(variable, "http://user:s3cret@env.test:3128");

            assertThat(proxy(proxy)).isEqualTo(used ? "http://env.test:3128" : null);
            if (used) {
                assertThat(proxy.found()).singleElement().satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("W0430");
                    assertThat(problem.message())
                            .contains("'backend'", "'" + variable + "'", "http://env.test:3128")
                            .doesNotContain("s3cret");
                });
            } else {
                assertThat(proxy.found()).isEmpty();
            }
        }

        @Test
        void prefersTheVariableForTheScheme() {
            ProxyFixture both = backend("", TLS)
                    .environment("http_proxy", "http://one.test")
                    .environment("https_proxy", "http://two.test");

            assertThat(proxy(both)).isEqualTo("http://two.test");
        }

        @Test
        void yieldsToTheConfiguration() {
            ProxyFixture proxy = backend("proxyUrl: 'http://config.test'", CLEARTEXT)
                    .environment("http_proxy", "http://env.test")
                    .environment("no_proxy", "*");

            assertThat(proxy(proxy)).isEqualTo("http://config.test");
            assertThat(proxy.found()).isEmpty();
        }

        @Test
        void leavesSocketsAlone() {
            ProxyFixture proxy = backend("target: {socketPath: /run/svc.sock}", CLEARTEXT)
                    .environment("http_proxy", "http://env.test");

            assertThat(way(proxy).proxy()).isNull();
            assertThat(proxy.found()).isEmpty();
        }

        @Test
        void takesAValueWithoutAScheme() {
            assertThat(proxy(backend("", CLEARTEXT).environment("http_proxy", "env.test:3128")))
                    .isEqualTo("http://env.test:3128");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "  "})
        void countsAnEmptyVariableAsUnset(String value) {
            assertThat(way(backend("", CLEARTEXT).environment("http_proxy", value)))
                    .isEqualTo(Way.DIRECT);
        }

        @ParameterizedTest
        @ValueSource(strings = {"socks5://user:s3cret@env.test", "http://", "env.test:s3cret", "a b"})
        void refusesAProxyThatCannotBeUsed(String value) {
            ProxyFixture proxy = backend("", CLEARTEXT).environment("http_proxy", value);
            proxy.policy();

            assertThat(proxy.found()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo("E0444");
                assertThat(problem.severity()).isEqualTo(Severity.ERROR);
                assertThat(problem.message()).contains("'http_proxy'").doesNotContain("s3cret");
            });
        }

        @Test
        void decidesForEachUrl() {
            ProxyFixture proxy = backend("", "http://in.test", "http://out.test")
                    .environment("http_proxy", "http://env.test")
                    .environment("no_proxy", "in.test");

            List<Target> targets = targets(proxy);

            assertThat(targets.get(0).way()).isEqualTo(Way.DIRECT);
            assertThat(targets.get(1).relay()).hasToString("http://env.test");
        }

        @ParameterizedTest
        @CsvSource({
            "'', svc.test, 80, false",
            "*, svc.test, 80, true",
            "*:81, svc.test, 80, false",
            "svc.test, svc.test, 80, true",
            "SVC.test, svc.TEST, 80, true",
            "svc.test, a.svc.test, 80, true",
            ".svc.test, a.svc.test, 80, true",
            "*.svc.test, a.svc.test, 80, true",
            ".svc.test, svc.test, 80, true",
            "svc.test, xsvc.test, 80, false",
            "test, svc.test, 80, true",
            "svc.test:3000, svc.test, 3000, true",
            "svc.test:3000, svc.test, 80, false",
            "'other.test, svc.test', svc.test, 80, true",
            "'other.test svc.test', svc.test, 80, true",
            "127.0.0.1, 127.0.0.1, 80, true",
            "127.0.0.1:80, 127.0.0.1, 80, true",
            "127.0.0.1:81, 127.0.0.1, 80, false",
            "10.0.0.0/8, 10.255.0.1, 80, true",
            "10.0.0.0/8, 11.0.0.1, 80, false",
            "10.0.0.0/9, 10.128.0.1, 80, false",
            "10.0.0.0/9:443, 10.1.0.1, 443, true",
            "0.0.0.0/0, 10.0.0.1, 80, true",
            "10.0.0.0/33, 10.0.0.1, 80, false",
            "10.0.0.0/x, 10.0.0.1, 80, false",
            "0.1, 10.0.0.1, 80, false",
            "::1, ::1, 80, true",
            "'[::1]', ::1, 80, true",
            "'[::1]:80', ::1, 80, true",
            "'[::1]:81', ::1, 80, false",
            "0:0:0:0:0:0:0:1, ::1, 80, true",
            "fd00::/8, fd12::1, 80, true",
            "fd00::/8, fe80::1, 80, false",
            "127.0.0.1, localhost, 80, false",
            "0.0.0.0/0, ::1, 80, false",
        })
        void exceptsWhatNoProxyNames(String value, String host, int port, boolean excepted) {
            assertThat(NoProxy.parse(value).covers(new UrlPlace(host, port))).isEqualTo(excepted);
        }

        @Test
        void readsBothSpellingsOfNoProxy() {
            ProxyFixture proxy = backend("", CLEARTEXT)
                    .environment("http_proxy", "http://env.test")
                    .environment("NO_PROXY", "svc.test");

            assertThat(way(proxy)).isEqualTo(Way.DIRECT);
            assertThat(proxy.found()).isEmpty();
        }
    }

    @Test
    void verifiesTheProxyItselfWhateverHoldsForTheService() {
        ProxyFixture proxy = backend("secure: false\nproxyUrl: 'https://proxy.test'", TLS);

        assertThat(requireNonNull(way(proxy).proxy()).tls()).isEqualTo(TlsSettings.DEFAULT);
    }
}
