package dev.gatehouse.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.RouteMatch;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast path and the engine agree on random expressions over random exchanges. */
class FastPathPropertyTest {
    private static final int EXPRESSIONS = 2_000;
    private static final int DEEPEST = 4;

    private static final String[] PATHS = {
        "req.method",
        "req.url",
        "req.path",
        "req.originalUrl",
        "req.ip",
        "req.hostname",
        "req.host",
        "req.protocol",
        "req.secure",
        "req.xhr",
        "req.ips",
        "req.subdomains",
        "req.subdomains[0]",
        "req.baseUrl",
        "req.nothing",
        "req.query.a",
        "req.query.b",
        "req.query.b.c",
        "req.query.d",
        "req.query.d[1]",
        "req.query.d.length",
        "req.query['e f']",
        "req.query.sub",
        "req.query.none",
        "req.query[0]",
        "req.query",
        "req.params.id",
        "req.params[0]",
        "req.params.none",
        "req.headers['x-a']",
        "req.headers['x-b']",
        "req.headers.cookie",
        "req.headers['X-A']",
        "req.headers['x-a'].length",
        "req.headers['x-none']",
        "req.headers.authorization",
        "req.get('X-A')",
        "req.header('referrer')",
        "req.cookies.k",
        "req.cookies",
        "req.route.path",
        "req.user",
        "req.user.sub",
        "req.user.list",
        "consumer",
        "consumer.sub",
        "consumer.number",
        "consumer.double",
        "consumer.yes",
        "consumer.nil",
        "consumer.list",
        "consumer.list[0]",
        "consumer.list[9]",
        "consumer.list.length",
        "consumer.map",
        "consumer.map.k",
        "consumer.map.k.l",
        "consumer.sub.length",
        "consumer.sub[1]",
        "consumer['odd key']",
        "consumer[7]",
        "consumer.none",
        "consumer.none.x",
        "egContext.consumer.sub",
        "egContext.req.method",
        "egContext.requestID",
        "requestID",
        "requestID.length",
        "apiEndpoint.scopes",
        "apiEndpoint.apiEndpointName",
        "apiEndpoint.team",
        "apiEndpoint.none",
        "apiEndpoint",
        "req.isAuthenticated()",
        "req.isUnauthenticated()",
        "req.vhost[0]",
        "req.vhost.length",
        "req.connection.remotePort",
        "req.client.authorized",
        "JSON.stringify(consumer)",
        "JSON.stringify(req.query)"
    };
    private static final String[] LITERALS = {
        "''",
        "'a'",
        "'0'",
        "' 12 '",
        "'1e3'",
        "'0x1F'",
        "'-0x1F'",
        "'0o17'",
        "' 0B101 '",
        "'Infinity'",
        "'alice'",
        "0",
        "1",
        "-1",
        "2.5",
        "1e21",
        "1e-7",
        "123456789012345680000",
        "true",
        "false",
        "null",
        "undefined",
        "'null'",
        "'[object Object]'",
        "'a,b'",
        "'1,2'",
        "`t`",
        "'\\u00e9'"
    };
    private static final String[] VALUES = {"1", "0", "", "x", "alice", "12", " 7 ", "a,b", "true", "%C3%A9", "null"};

    private final List<Object> claims = new ArrayList<>(List.of("", "alice", "12", 0, 1, 2.5, 1e21, true, false, -7L));

    private Random random = new Random();

    @RepeatedTest(5)
    void agreesWithTheEngine(RepetitionInfo repetition) throws Exception {
        long seed = System.nanoTime() * 31 + repetition.getCurrentRepetition();
        random = new Random(seed);
        int taken = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String source = expression(DEEPEST);
            Expression expression = Expression.compile(source);
            taken += expression.direct() == null ? 0 : 1;
            long exchangeSeed = random.nextLong();

            String fast = outcome(expression, exchangeSeed, false);
            String engine = outcome(expression, exchangeSeed, true);

            assertThat(fast)
                    .as("%s with seed %d, exchange %d", source, seed, exchangeSeed)
                    .isEqualTo(engine);
        }
        assertThat(taken).as("expressions on the fast path").isGreaterThan(EXPRESSIONS / 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x1F",
                "0X1f",
                "0x1Fg",
                "0x1Ffalse",
                "-0x1F",
                "+0x1F",
                "0x",
                "0xg",
                "0x-1",
                "0x00",
                "\\u00a00x10\\ufeff",
                "0o17",
                "0O8",
                "0b101",
                "0B2",
                "0b",
                "00x1",
                "017",
                "0x20000000000001",
                "0x20000000000003",
                "0x\u0661",
                "0x1 2",
                "-0",
                "+1.5",
                "- 1",
                "1_0",
                ".5",
                "5.",
                "0.",
                "1e",
                "Infinity",
                "-Infinity",
                "infinity"
            })
    void readsNumbersInTextAsTheEngineDoes(String text) throws Exception {
        Expression expression = Expression.compile("-('" + text + "')");

        assertThat(expression.direct()).isNotNull();
        assertThat(outcome(expression, 1, false)).isEqualTo(outcome(expression, 1, true));
    }

    @Test
    void readsNumbersThatAreTooLongForADouble() throws Exception {
        for (String digits : List.of(
                "0x" + "f".repeat(255),
                "0x" + "f".repeat(256),
                "0x" + "0".repeat(2000) + "1",
                "0b" + "1".repeat(1025))) {
            Expression expression = Expression.compile("-('" + digits + "')");

            assertThat(outcome(expression, 1, false)).isEqualTo(outcome(expression, 1, true));
        }
    }

    /** The property names that the fast path leaves to the engine are all that the engine has. */
    @Test
    void knowsEveryInheritedProperty() throws Exception {
        Object names = Expression.compile(
                        "var all = []; [String, Array, Number, Boolean, Object].forEach(function (c) {"
                                + "all = all.concat(Object.getOwnPropertyNames(c.prototype)) }); all")
                .value(ExchangeFixture.get("/"));

        for (Object name : (List<?>) Objects.requireNonNull(names, "names")) {
            if (!name.equals("length")) {
                assertThat(Expression.compile("consumer.x['" + name + "']").direct())
                        .as("consumer.x.%s", name)
                        .isNull();
            }
        }
    }

    private String outcome(Expression expression, long exchangeSeed, boolean engine) {
        ExchangeFixture exchange = exchange(new Random(exchangeSeed));
        try {
            Object value = engine ? expression.program().value(exchange) : expression.value(exchange);
            boolean truthy = engine ? expression.program().truthy(exchange) : expression.truthy(exchange);
            String type = value instanceof Number ? "number" : value instanceof String ? "string" : "other";
            return type + " " + JsonText.of(value) + " " + truthy;
        } catch (ExpressionFailure failure) {
            return "failure " + failure.kind();
        }
    }

    private String expression(int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return random.nextInt(3) == 0 ? pick(LITERALS) : pick(PATHS);
        }
        return switch (random.nextInt(12)) {
            case 0 -> "!" + "(" + expression(depth - 1) + ")";
            case 1 -> "(" + expression(depth - 1) + ") && (" + expression(depth - 1) + ")";
            case 2 -> "(" + expression(depth - 1) + ") || (" + expression(depth - 1) + ")";
            case 3 -> "(" + expression(depth - 1) + ") ?? (" + expression(depth - 1) + ")";
            case 4 -> "(" + expression(depth - 1) + ") ? " + atom(depth) + " : " + atom(depth);
            case 5 -> "`a${" + expression(depth - 1) + "}b${" + expression(depth - 1) + "}`";
            case 6 -> "(" + expression(depth - 1) + ") + (" + expression(depth - 1) + ")";
            case 7 -> "(" + expression(depth - 1) + ") " + comparison() + " " + pick(LITERALS);
            case 8 -> pick(LITERALS) + " " + comparison() + " (" + expression(depth - 1) + ")";
            case 9 -> "JSON.stringify(" + expression(depth - 1) + ")";
            case 10 -> (random.nextBoolean() ? "-" : "+") + "(" + expression(depth - 1) + ")";
            default -> pick(PATHS) + " " + comparison() + " " + pick(LITERALS);
        };
    }

    private String atom(int depth) {
        return "(" + expression(depth - 1) + ")";
    }

    private String comparison() {
        return pick(new String[] {"===", "!==", "==", "!=", "<", "<=", ">", ">="});
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }

    private ExchangeFixture exchange(Random shape) {
        StringBuilder target = new StringBuilder("/path/x?");
        for (String key :
                new String[] {"a", "b[c]", "d", "d", "e%20f", "sub", "0", "b", "d[1]", "toString", "length"}) {
            if (shape.nextInt(3) == 0) {
                target.append(key)
                        .append('=')
                        .append(VALUES[shape.nextInt(VALUES.length)].trim())
                        .append('&');
            }
        }
        ExchangeFixture exchange = ExchangeFixture.get(target.toString())
                .host(shape.nextInt(4) == 0 ? null : "a.b.example.com:80")
                .match(new RouteMatch("/:id", Map.of("id", "5", "0", "rest"), List.of("a"), 0))
                .endpoint(new ApiEndpoint("api", List.of("s1"), Map.of("team", "blue")));
        for (String name : new String[] {"X-A", "X-A", "X-B", "Cookie", "Cookie", "Authorization", "Referer"}) {
            if (shape.nextInt(2) == 0) {
                exchange.header(name, name.equals("Cookie") ? "k=v" + shape.nextInt(9) : "v" + shape.nextInt(9));
            }
        }
        if (shape.nextInt(4) != 0) {
            exchange.identify(new Identity(identity(shape)));
        }
        return exchange;
    }

    private Map<String, @Nullable Object> identity(Random shape) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (String name :
                new String[] {"sub", "number", "double", "yes", "odd key", "7", "toString", "length", "toJSON"}) {
            if (shape.nextInt(4) != 0) {
                all.put(name, claims.get(shape.nextInt(claims.size())));
            }
        }
        if (shape.nextBoolean()) {
            all.put("nil", null);
            all.put("list", List.of("a", 1, List.of("b"), Map.of()));
            all.put("map", Map.of("k", shape.nextBoolean() ? "v" : Map.of("l", 1.5)));
        }
        return all;
    }
}
