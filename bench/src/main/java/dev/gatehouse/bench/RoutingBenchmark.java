package dev.gatehouse.bench;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.route.ParsedTarget;
import dev.gatehouse.route.RequestTarget;
import dev.gatehouse.route.RouteTable;
import dev.gatehouse.route.Selection;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of finding the route of a request among many that cannot match. The same requests take turns, so that neither
 * a branch predictor nor a cache line knows the answer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RoutingBenchmark {
    /** Which part of the entries differs. */
    public enum Shape {
        HOSTS,
        PREFIXES
    }

    private static final int REQUESTS = 64;

    @Param({"10", "100", "1000"})
    private int routes = 10;

    @Param({"HOSTS", "PREFIXES"})
    private Shape shape = Shape.HOSTS;

    private RouteTable<String> table = RouteTable.compile(List.of(), name -> name, new Problems());
    private String[] hosts = {};
    private String[] targets = {};
    private int next;

    @Setup
    public void compile() {
        List<ApiEndpointConfig> entries =
                IntStream.range(0, routes).mapToObj(this::entry).toList();
        table = RouteTable.compile(entries, name -> name, new Problems());
        hosts = new String[REQUESTS];
        targets = new String[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            int wanted = (int) ((long) i * 7919 % routes);
            hosts[i] = shape == Shape.HOSTS ? "tenant-" + wanted + ".example.com:8080" : "api.example.com:8080";
            targets[i] =
                    shape == Shape.HOSTS ? "/v1/orders/4711?full=1" : "/v1/service-" + wanted + "/orders/4711?full=1";
        }
    }

    private ApiEndpointConfig entry(int number) {
        String host = shape == Shape.HOSTS ? "tenant-" + number + ".example.com" : "*";
        String path = shape == Shape.HOSTS ? "/v1/*" : "/v1/service-" + number + "/*";
        Span span = new Span(new Source("bench", List.of()), number + 1, 1, number + 1, 2);
        return new ApiEndpointConfig("e" + number, host, null, List.of(path), null, null, List.of(), Map.of(), span);
    }

    /** Reading the target and selecting, as the server does it for each request. */
    @Benchmark
    public Selection<String> parseAndSelect() {
        int i = next++ & (REQUESTS - 1);
        ParsedTarget parsed = RequestTarget.parse(targets[i], HttpMethod.GET);
        if (parsed instanceof RequestTarget target) {
            return table.select(hosts[i], target, HttpMethod.GET);
        }
        throw new IllegalStateException("bad target");
    }

    /** A request that no entry takes. */
    @Benchmark
    public Selection<String> selectNothing() {
        if (RequestTarget.parse("/v2/none", HttpMethod.GET) instanceof RequestTarget target) {
            return table.select("tenant-none.example.com", target, HttpMethod.GET);
        }
        throw new IllegalStateException("bad target");
    }
}
