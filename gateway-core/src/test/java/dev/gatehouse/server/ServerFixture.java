package dev.gatehouse.server;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.pipeline.OwnedHeaders;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.pipeline.Step;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.route.RouteTable;
import dev.gatehouse.server.connection.ConnectionBound;
import dev.gatehouse.server.document.Documents;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.TlsEngine;
import dev.gatehouse.transport.Transport;
import dev.gatehouse.upstream.UpstreamClient;
import dev.gatehouse.upstream.UpstreamLedger;
import dev.gatehouse.upstream.UpstreamLimits;
import dev.gatehouse.upstream.reach.DnsAddresses;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A listener on one event loop in front of given policies. */
public final class ServerFixture implements AutoCloseable {
    private final EventLoopGroup group;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private final UpstreamClient upstream;
    private final Listener listener;
    private final AccessLog accessLog;
    /** The access log, a line of JSON for each request. */
    final Queue<String> log = new ConcurrentLinkedQueue<>();

    final AtomicBoolean draining = new AtomicBoolean();
    final Traffic traffic = new Traffic();
    final ConnectionBound connections;

    /** @param limits keys and values under {@code limits:} */
    ServerFixture(Map<String, Object> limits, Policy... policies) {
        this(Transport.detect(), limits, policies);
    }

    ServerFixture(Transport transport, Map<String, Object> limits, Policy... policies) {
        this(transport, limits, null, OwnedHeaders.NONE, policies);
    }

    /** With an apiEndpoint that serves only these methods. */
    static ServerFixture serving(List<String> methods, Policy... policies) {
        return new ServerFixture(Transport.detect(), Map.of(), methods, OwnedHeaders.NONE, policies);
    }

    /** With request headers that only the gateway may set. */
    static ServerFixture owning(OwnedHeaders owned, Policy... policies) {
        return new ServerFixture(Transport.detect(), Map.of(), null, owned, policies);
    }

    private ServerFixture(
            Transport transport,
            Map<String, Object> limits,
            @Nullable List<String> methods,
            OwnedHeaders owned,
            Policy... policies) {
        LimitsConfig bounds = limits(limits);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        group = transport.group(1);
        resolver = DnsAddresses.group(transport);
        EventLoop loop = group.next();
        upstream = new UpstreamClient(
                loop,
                transport,
                UpstreamLimits.of(bounds),
                new ClientTls(TlsEngine.detect(), Runnable::run),
                new UpstreamLedger(meters, System::nanoTime),
                resolver);
        accessLog = AccessLog.open(new AccessOptions(LogConfig.Access.ALL, true, true, false, ""), this::log, meters);
        connections = new ConnectionBound(bounds.maxConnections());
        Served served = new Served(routes(methods, owned, policies), Documents.NONE, bounds, compat(), traffic);
        ServerLoop shared = new ServerLoop(() -> served, upstream, draining, accessLog, System::nanoTime);
        listener = new Listener(transport, group, any -> shared, null, connections);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly();
    }

    int port() {
        return listener.address().getPort();
    }

    void drain() {
        draining.set(true);
        listener.drain();
    }

    @Override
    public void close() {
        listener.stopAccepting().awaitUninterruptibly();
        listener.closeConnections();
        upstream.loop().execute(upstream::close);
        resolver.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        accessLog.close();
    }

    private void log(byte[] lines) {
        new String(lines, StandardCharsets.UTF_8).lines().forEach(log::add);
    }

    private static RouteTable<Pipeline> routes(@Nullable List<String> methods, OwnedHeaders owned, Policy... policies) {
        List<Step> steps = new ArrayList<>();
        for (Policy policy : policies) {
            steps.add(new Step("step@" + (steps.size() + 1), null, policy));
        }
        Pipeline pipeline = new Pipeline("pipeline", steps, owned);
        ApiEndpointConfig all =
                new ApiEndpointConfig("api", "*", null, List.of("*"), null, methods, List.of(), Map.of(), span());
        return RouteTable.compile(List.of(all), name -> pipeline, new Problems());
    }

    public static LimitsConfig limits(Map<String, Object> values) {
        List<Node.Entry> entries = new ArrayList<>();
        values.forEach((key, value) ->
                entries.add(new Node.Entry(key, span(), new Node.Scalar(span(), value, String.valueOf(value), false))));
        return bind(new Node.Mapping(span(), entries), LimitsConfig.class);
    }

    private static CompatConfig compat() {
        return bind(new Node.Mapping(span(), List.of()), CompatConfig.class);
    }

    private static <C extends Record> C bind(Node.Mapping node, Class<C> type) {
        Problems problems = new Problems();
        C bound = new RecordBinder(problems, BindOptions.DEFAULT).bind(node, span(), "", "test", type);
        return Objects.requireNonNull(bound, () -> problems.all().toString());
    }

    private static Span span() {
        return new Span(new Source("test", List.of("")), 1, 1, 1, 1);
    }
}
