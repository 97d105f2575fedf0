package dev.gatehouse.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.exchange.RouteMatch;
import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.JsonText;
import dev.gatehouse.expression.value.Undefined;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every property that Express Gateway's scripts find, by the fast path where it knows it and by the engine. */
class RequestPropertiesTest {
    private static ExchangeFixture exchange() {
        ExchangeFixture exchange = ExchangeFixture.get("/user/a%20b?a=1&b[c]=2&d=1&d=2")
                .host("a.b.example.com:8443")
                .header("X-Tenant", "blue")
                .header("x-many", "1")
                .header("x-many", "2")
                .header("X-Requested-With", "XMLHttpRequest")
                .header("Cookie", "sid=abc; q=\"a b\"; e=%41")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("If-None-Match", "W/\"v1\", \"v2\"")
                .match(new RouteMatch("/user/:id", Map.of("id", "a b", "0", "x"), List.of("a", "b"), 0))
                .endpoint(new ApiEndpoint(
                        "users",
                        List.of("read"),
                        Map.of("host", "*.*.example.com", "paths", List.of("/user/:id"), "methods", "GET", "team", 7)))
                .peer(new Peer(address("2001:db8::1", 50001), address("::1", 8443), true, null, true));
        exchange.identify(new Identity(
                Map.of("id", "u1", "name", "n", "type", "application", "token", Map.of("scopes", List.of("a")))));
        return exchange;
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(host), port);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "req.method | \"GET\"",
                "req.url | \"/user/a%20b?a=1&b[c]=2&d=1&d=2\"",
                "req.originalUrl | \"/user/a%20b?a=1&b[c]=2&d=1&d=2\"",
                "req.baseUrl | \"\"",
                "req.path | \"/user/a%20b\"",
                "req.httpVersion | \"1.1\"",
                "req.headers['x-tenant'] | \"blue\"",
                "req.headers['x-many'] | \"1, 2\"",
                "req.headers['X-Tenant'] | undefined",
                "req.get('X-TENANT') | \"blue\"",
                "req.header('x-tenant') === 'blue' | true",
                "req.query | {\"a\":\"1\",\"b\":{\"c\":\"2\"},\"d\":[\"1\",\"2\"]}",
                "req.query.a === '1' | true",
                "req.params.id | \"a b\"",
                "req.params['0'] | \"x\"",
                "req.params[0] | \"x\"",
                "req.hostname | \"a.b.example.com\"",
                "req.host | \"a.b.example.com\"",
                "req.ip | \"2001:db8::1\"",
                "req.ips | []",
                "req.protocol | \"https\"",
                "req.secure | true",
                "req.xhr | true",
                "req.fresh | false",
                "req.stale | true",
                "req.subdomains | [\"b\",\"a\"]",
                "req.user.id | \"u1\"",
                "req.isAuthenticated() | true",
                "req.isUnauthenticated() | false",
                "req.cookies | {\"sid\":\"abc\",\"q\":\"a b\",\"e\":\"A\"}",
                "req.cookies.sid | \"abc\"",
                "req.cookies.none | undefined",
                "req.route.path | \"/user/:id\"",
                "req.connection.remoteAddress | \"2001:db8::1\"",
                "req.socket.remoteAddress | \"2001:db8::1\"",
                "req.socket.remotePort | 50001",
                "req.client.authorized | true",
                "req.vhost.host | \"a.b.example.com:8443\"",
                "req.vhost.hostname | \"a.b.example.com\"",
                "req.vhost.length | 2",
                "req.vhost[0] + req.vhost['1'] | \"ab\"",
                "req.egContext.requestID | \"0000000000000000000001\"",
                "req.egContext === egContext | true",
                "req.egContext.req.path | \"/user/a%20b\"",
                "req.custom | undefined",
                "res.statusCode | 200",
                "res.headersSent | false",
                "res.locals | {}",
                "res.get('x') | undefined",
                "typeof res.status + typeof res.removeHeader + typeof res.sendStatus | \"functionfunctionfunction\"",
                "apiEndpoint.apiEndpointName | \"users\"",
                "apiEndpoint.host | \"*.*.example.com\"",
                "apiEndpoint.paths[0] | \"/user/:id\"",
                "apiEndpoint.methods | \"GET\"",
                "apiEndpoint.scopes | [\"read\"]",
                "apiEndpoint.team | 7",
                "consumer.id | \"u1\"",
                "consumer.name | \"n\"",
                "consumer.type | \"application\"",
                "consumer.token.scopes | [\"a\"]",
                "requestID | \"0000000000000000000001\"",
                "requestStream | undefined",
                "typeof run + typeof match + typeof evaluateAsTemplateString | \"functionfunctionfunction\"",
                // What Express Gateway's documentation, tests and issues show, and what its users write.
                "req.user | {\"id\":\"u1\",\"name\":\"n\",\"type\":\"application\",\"token\":{\"scopes\":[\"a\"]}}",
                "'constant text' | \"constant text\"",
                "req.consumerId | undefined",
                "req.requestId | undefined",
                "req.url.length>5 | true",
                "`${req.method} ${req.originalUrl}` | \"GET /user/a%20b?a=1&b[c]=2&d=1&d=2\"",
                "`${req.path} ${egContext.req.method} ${res.test}` | \"/user/a%20b GET undefined\"",
                "`${egContext.requestID}` | \"0000000000000000000001\"",
                "req.url = \"/new/url\";  | \"/new/url\"",
                "req.url = req.url.slice(0, 5) + \"/67\" | \"/user/67\"",
                "req.testValue = 10 | 10",
                "req.header('my_prop') === 'v' | false",
                "req.url = req.url.replace('/user', '') | \"/a%20b?a=1&b[c]=2&d=1&d=2\"",
                "JSON.parse(JSON.stringify(consumer)).id | \"u1\"",
                "new Date(0).toISOString() | \"1970-01-01T00:00:00.000Z\"",
                "consumer.name.split(' ').includes('n') | true"
            })
    void hasTheValueThatExpressGatewayGives(String source, String expected) throws Exception {
        Expression expression = Expression.compile(source);

        assertThat(sorted(expression.value(exchange()))).isEqualTo(sortedText(expected));
        assertThat(sorted(expression.program().value(exchange()))).isEqualTo(sortedText(expected));
    }

    /** Claims come from a map without order. */
    private static Object sorted(@Nullable Object value) {
        return value == Undefined.INSTANCE ? "undefined" : sortedText(String.valueOf(JsonText.of(value)));
    }

    private static Object sortedText(String json) {
        return json.startsWith("{") ? json.chars().sorted().boxed().toList() : json;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | if-none-match | W/\"v1\", \"v2\" | etag | \"v2\" | 200 | true",
                "HEAD | if-none-match | \"v1\" | etag | W/\"v1\" | 304 | true",
                "GET | if-none-match | \"v1\" | etag | \"v3\" | 200 | false",
                "GET | if-none-match | * | x-a | b | 200 | true",
                "GET | if-none-match | \"v1\" | x-a | b | 200 | false",
                "POST | if-none-match | \"v1\" | etag | \"v1\" | 200 | false",
                "GET | if-none-match | \"v1\" | etag | \"v1\" | 500 | false",
                "GET | x-a | b | etag | \"v1\" | 200 | false",
                "GET | if-modified-since | Sun, 22 Nov 2026 10:00:00 GMT"
                        + " | last-modified | Sun, 22 Nov 2026 10:00:00 GMT | 200 | true",
                "GET | if-modified-since | Sun, 22 Nov 2026 10:00:00 GMT"
                        + " | last-modified | Sun, 22 Nov 2026 10:00:01 GMT | 200 | false",
                "GET | if-modified-since | yesterday | last-modified | Sun, 22 Nov 2026 10:00:00 GMT | 200 | false"
            })
    void comparesWhatTheClientHasWithTheResponse(
            String method, String name, String value, String field, String sent, int status, boolean fresh)
            throws Exception {
        ExchangeFixture exchange = ExchangeFixture.request(method, "/").header(name, value);
        exchange.onResponse(head -> {});
        exchange.respond(status, field, sent);

        assertThat(Expression.compile("req.fresh").value(exchange)).isEqualTo(fresh);
        assertThat(Expression.compile("req.stale").program().value(exchange)).isEqualTo(!fresh);
    }

    @Test
    void isNeverFreshForAClientThatWantsItNew() throws Exception {
        ExchangeFixture exchange =
                ExchangeFixture.get("/").header("if-none-match", "*").header("cache-control", "no-cache");

        assertThat(Expression.compile("req.fresh").value(exchange)).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${process.exit(1)}",
                "${consumer.scope.split(' ').includes('admin')}",
                "${nosuchvar.x}",
                "${req.egContext = 1}"
            })
    void refusesWhatExpressGatewayCannotEvaluateEither(String template) throws Exception {
        Template message = Template.compile(template);

        Assertions.assertThatThrownBy(() -> message.text(exchange())).isInstanceOf(ExpressionFailure.class);
    }

    @Test
    void writesTemplatesAsText() throws Exception {
        Template message =
                Template.compile("${req.ip} ${req.hostname} ${req.host} ${req.user.id} ${req.ips} ${req.xhr}");

        assertThat(message.text(exchange())).isEqualTo("2001:db8::1 a.b.example.com a.b.example.com u1  true");
        assertThat(Coercion.text(Expression.compile("consumer.token.scopes").value(exchange())))
                .isEqualTo("a");
    }
}
