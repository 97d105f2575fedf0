package dev.gatehouse.bench;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.route.RequestTarget;
import dev.gatehouse.route.Route;
import dev.gatehouse.route.RouteTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an authenticated request costs whose token is known, from the parsed head to the plan of the proxy. With
 * {@code -prof gc}, {@code gc.alloc.rate.norm} is the number of bytes allocated by the gateway's own code: subtract
 * {@link #reset}, which every other method does as well.
 *
 * <p>The same request object goes round. What the pipeline writes into it is taken out again before the next turn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class CachedRequestBenchmark {
    private static final String CONFIG = """
            http: { port: 8080 }
            apiEndpoints:
              orders: { host: api.example.com, paths: /orders/*, scopes: [orders:read] }
              bills: { host: api.example.com, paths: /bills/*, scopes: [orders:read] }
            serviceEndpoints:
              backend: { url: 'http://127.0.0.1:3000' }
            policies: [oauth2-introspect, headers, proxy]
            pipelines:
              full:
                apiEndpoints: [orders]
                policies:
                  - oauth2-introspect: &introspect
                      - action:
                          endpoint: http://127.0.0.1:3001/introspect
                          authorization_value: Basic Z2F0ZXdheTpiZW5jaA==
                          ttl: 3600
                  - headers:
                      - action:
                          forwardHeaders: { X-Sub: req.user.sub }
                  - proxy:
                      - action: { serviceEndpoint: backend }
              guarded:
                apiEndpoints: [bills]
                policies:
                  - oauth2-introspect: *introspect
            """;

    private static final byte[] ACTIVE = """
            {"active":true,"sub":"alice","client_id":"shop","username":"alice","scope":"orders:read orders:write"}""".getBytes(StandardCharsets.UTF_8);

    private static final String HOST = "api.example.com";
    private static final String ORDER = "/orders/4711?full=1";
    private static final AsciiString X_SUB = AsciiString.cached("X-Sub");
    private static final AsciiString CONSUMER_ID = AsciiString.cached("eg-consumer-id");
    private static final AsciiString REQUEST_ID = AsciiString.cached("eg-request-id");

    private final HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, ORDER);
    private final InetSocketAddress place = InetSocketAddress.createUnresolved("127.0.0.1", 8080);
    private final Peer peer = new Peer(place, place, false, null, false);
    private @Nullable Fixed fixed;

    /** What stays the same in every turn. */
    private record Fixed(
            RouteTable<Pipeline> routes,
            RequestTarget target,
            Route<Pipeline> order,
            Pipeline full,
            Pipeline guarded,
            PipelineExchange exchange) {}

    @Setup
    public void open() throws IOException {
        RouteTable<Pipeline> routes = ServedPipelines.of(
                CONFIG,
                new SimpleMeterRegistry(),
                call -> CompletableFuture.completedFuture(new CallResult.Answer(200, json(), ACTIVE, false)));
        HttpHeaders headers = request.headers();
        headers.add("Host", HOST);
        headers.add("User-Agent", "curl/8.5.0");
        headers.add("Accept", "application/json");
        headers.add("Accept-Encoding", "gzip, deflate, br");
        headers.add("Authorization", "Bearer 2YotnFZFEjr1zCsicMWpAAtGzv3JOkF0XG5Qx2TlKWIA");
        headers.add("X-Request-Id", "f2c9b1d0-5a5f-4a0e-9d5e-0c1a7c0b9f11");
        RequestTarget target = target(ORDER);
        Route<Pipeline> order = route(routes, target);
        Pipeline full = Objects.requireNonNull(order.pipeline());
        Pipeline guarded =
                Objects.requireNonNull(route(routes, target("/bills/7")).pipeline());
        PipelineExchange exchange = new PipelineExchange(request, peer, order, target);
        fixed = new Fixed(routes, target, order, full, guarded, exchange);
        check(introspectHeadersProxy());
        check(introspectHeadersProxy());
        introspect();
        if (introspect().auth().source() != AuthTrail.Source.CACHE) {
            throw new IllegalStateException("the token is not known");
        }
    }

    private void check(PipelineExchange exchange) {
        if (exchange.plan() == null || !"alice".equals(request.headers().get(X_SUB))) {
            throw new IllegalStateException("the request did not go through all steps");
        }
    }

    private static HttpHeaders json() {
        return new DefaultHttpHeaders().add("content-type", "application/json");
    }

    /** The base line: the request as the client sent it. */
    @Benchmark
    public HttpRequest reset() {
        HttpHeaders headers = request.headers();
        headers.remove(X_SUB);
        headers.remove(CONSUMER_ID);
        headers.remove(REQUEST_ID);
        headers.set(HttpHeaderNames.HOST, HOST);
        request.setUri(ORDER);
        return request;
    }

    /** The decision about the token alone. */
    @Benchmark
    public PipelineExchange introspect() {
        reset();
        return reused().pass(fixed().guarded());
    }

    /** The whole pipeline. */
    @Benchmark
    public PipelineExchange introspectHeadersProxy() {
        reset();
        return reused().pass(fixed().full());
    }

    /** The whole pipeline with an exchange of its own; the difference is the exchange object. */
    @Benchmark
    public PipelineExchange introspectHeadersProxyNewExchange() {
        reset();
        return new PipelineExchange(request, peer, fixed().order(), fixed().target()).pass(fixed().full());
    }

    /** What the server does with each request once its head is read: route, remove forged headers, run, forward. */
    @Benchmark
    public PipelineExchange routeAndRunNewExchange() {
        reset();
        RequestTarget target = target(ORDER);
        Route<Pipeline> route = route(fixed().routes(), target);
        Pipeline pipeline = Objects.requireNonNull(route.pipeline());
        return new PipelineExchange(request, peer, route, target).pass(pipeline);
    }

    private PipelineExchange reused() {
        return fixed().exchange().next(fixed().order(), fixed().target());
    }

    private Fixed fixed() {
        return Objects.requireNonNull(fixed);
    }

    private static RequestTarget target(String text) {
        if (RequestTarget.parse(text, HttpMethod.GET) instanceof RequestTarget target) {
            return target;
        }
        throw new IllegalStateException("bad target");
    }

    private static Route<Pipeline> route(RouteTable<Pipeline> routes, RequestTarget target) {
        if (routes.select(HOST, target, HttpMethod.GET) instanceof Route<Pipeline> route) {
            return route;
        }
        throw new IllegalStateException("no route");
    }
}
