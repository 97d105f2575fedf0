package dev.gatehouse.runtime;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.runtime.build.GatewayOptions;
import dev.gatehouse.server.Listener;
import dev.gatehouse.server.Served;
import dev.gatehouse.server.ServerLoop;
import dev.gatehouse.server.connection.ConnectionBound;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.transport.LoopProbe;
import dev.gatehouse.upstream.PooledHttpCaller;
import dev.gatehouse.upstream.UpstreamClient;
import dev.gatehouse.upstream.UpstreamLedger;
import dev.gatehouse.upstream.UpstreamLimits;
import dev.gatehouse.upstream.reach.DnsAddresses;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The event loops and what each of them owns: connections to services, and the view that client connections share. */
final class Loops implements AutoCloseable {
    private static final long STOP_MILLIS = 1_000;

    private final GatewayOptions options;
    private final EventLoopGroup group;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private final List<UpstreamClient> clients = new ArrayList<>();
    private final IdentityHashMap<EventLoop, ServerLoop> shared = new IdentityHashMap<>();

    Loops(
            GatewayOptions options,
            LimitsConfig limits,
            ClientTls tls,
            Supplier<Served> served,
            AtomicBoolean draining,
            AccessLog accessLog) {
        this.options = options;
        this.group = options.transport().group(options.loops());
        this.resolver = DnsAddresses.group(options.transport());
        UpstreamLedger ledger = new UpstreamLedger(options.meters(), options.ticker());
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            UpstreamClient client =
                    new UpstreamClient(loop, options.transport(), UpstreamLimits.of(limits), tls, ledger, resolver);
            clients.add(client);
            shared.put(loop, new ServerLoop(served, client, draining, accessLog, options.ticker()));
        }
    }

    HttpCaller httpCaller() {
        return new PooledHttpCaller(clients);
    }

    Listener listener(@Nullable ServerTls tls, ConnectionBound connections) {
        return new Listener(
                options.transport(), group, loop -> requireNonNull(shared.get(loop), "unknown loop"), tls, connections);
    }

    /** Applies other bounds to connections to services, from their next use on. */
    void limit(LimitsConfig limits) {
        UpstreamLimits upstream = UpstreamLimits.of(limits);
        for (UpstreamClient client : clients) {
            client.loop().execute(() -> client.limit(upstream));
        }
    }

    /** Done when every loop has run one more task: whoever read something before has then acted on it. */
    CompletionStage<Void> passed() {
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (UpstreamClient client : clients) {
            all = CompletableFuture.allOf(all, CompletableFuture.runAsync(() -> {}, client.loop()));
        }
        return all;
    }

    /** Whether every loop runs a task within a second. */
    CompletionStage<Boolean> turning() {
        return new LoopProbe(group).turning();
    }

    @Override
    public void close() {
        for (UpstreamClient client : clients) {
            client.loop().execute(client::close);
        }
        resolver.close();
        group.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * STOP_MILLIS);
    }
}
