package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.transport.Transport;
import dev.gatehouse.upstream.reach.DnsAddresses;
import dev.gatehouse.upstream.reach.NameResolution;
import dev.gatehouse.upstream.reach.RetryBudget;
import dev.gatehouse.upstream.reach.TargetHealth;
import dev.gatehouse.upstream.reach.TargetNotices;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.BodyFraming;
import dev.gatehouse.upstream.wire.OutgoingRequest;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends requests to services and streams their responses, with both sockets on one event loop.
 *
 * <p>One per event loop; every method but {@link #loop} belongs to that loop, and so do all callbacks. Deadlines are
 * checked by one periodic task that runs only while there is something to check.
 */
public final class UpstreamClient {
    private static final int MAX_INTERIM = 10;
    private static final int MAX_BUDGETS = 1024;
    private static final long CHECK_MILLIS = 50;
    private static final int LOW_WATER_MARK = 32 * 1024;
    private static final int HIGH_WATER_MARK = 64 * 1024;

    private final EventLoop loop;
    private final ClientTls tls;
    private final UpstreamLedger ledger;
    private final NameResolution addresses;
    private final Bootstrap network;
    private final Bootstrap local;
    private final Function<Path, SocketAddress> localAddress;
    private final long origin;
    private final Map<Target, TargetPool> pools = new LinkedHashMap<>();
    private final List<StreamedCall> calls = new ArrayList<>();
    private final Map<String, RetryBudget> budgets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RetryBudget> eldest) {
            return size() > MAX_BUDGETS;
        }
    };
    private final TargetNotices notices;
    private UpstreamLimits limits;
    private boolean checking;
    private boolean closed;

    /**
     * @param ledger shared by the clients of all loops
     * @param resolver turns names into addresses without blocking, see {@link DnsAddresses}
     */
    public UpstreamClient(
            EventLoop loop,
            Transport transport,
            UpstreamLimits limits,
            ClientTls tls,
            UpstreamLedger ledger,
            AddressResolverGroup<InetSocketAddress> resolver) {
        this.loop = loop;
        this.limits = limits;
        this.tls = tls;
        this.ledger = ledger;
        this.addresses = new NameResolution(resolver);
        this.origin = loop.ticker().nanoTime();
        this.notices = new TargetNotices(ledger.health(), this::now);
        this.local = bootstrap(loop, transport.local());
        this.network = bootstrap(loop, transport.client())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true);
        this.localAddress = transport.localAddress();
    }

    private static Bootstrap bootstrap(EventLoop loop, Class<? extends Channel> type) {
        return new Bootstrap()
                .group(loop)
                .channel(type)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.AUTO_READ, false)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_MARK, HIGH_WATER_MARK));
    }

    /**
     * Starts a call. Its framing fields are set here, its target is that of the plan.
     *
     * <p>A plan that is upgradable needs a head that asks for WebSocket.
     *
     * @param head method and header fields with {@code Host}, without framing and hop-by-hop fields; lent to the call, and
     *     not to be changed, until {@link UpstreamListener#onHead} or {@link UpstreamListener#onFailure}
     * @throws IllegalArgumentException when the plan has no target
     */
    public UpstreamCall start(HttpRequest head, BodyFraming framing, ForwardPlan plan, UpstreamListener listener) {
        Duration response = responseTimeout(plan);
        CallRules rules = new CallRules(
                limits.connectTimeout().toNanos(),
                response.toNanos(),
                // Who waits so long for a head does not wait longer for the next piece of a body.
                Math.min(response.toNanos(), limits.bodyIdleTimeout().toNanos()),
                CallRules.UNBOUNDED,
                CallRules.UNBOUNDED,
                limits.idleTimeout().toNanos(),
                MAX_INTERIM,
                limits.maxHeaderBytes(),
                limits.maxHeaderCount(),
                false,
                plan.upgradable());
        OutgoingRequest request =
                new OutgoingRequest(head, plan.requestTarget(), framing, StreamedCall.isIdempotent(head.method()));
        return start(request, plan.service(), plan.targets(), rules, listener);
    }

    StreamedCall start(
            OutgoingRequest request, String service, List<Target> targets, CallRules rules, UpstreamListener listener) {
        assert loop.inEventLoop();
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets: empty (expected: at least one)");
        }
        StreamedCall call = new StreamedCall(this, request, service, targets, rules, listener);
        call.slot(calls.size());
        calls.add(call);
        check();
        if (closed) {
            execute(() -> call.fail(UpstreamFault.OVERLOAD, true));
        } else {
            call.begin();
        }
        return call;
    }

    /** Bound from the end of a request to the response head. */
    public Duration responseTimeout(ForwardPlan plan) {
        Duration wanted = plan.responseTimeout();
        return wanted == null ? limits.responseTimeout() : wanted;
    }

    /** Counts a fault that only the sender of a request could see. */
    public void count(ForwardPlan plan, UpstreamFault fault) {
        assert loop.inEventLoop();
        pool(plan.targets().get(0), plan.service()).ledger().count(fault);
    }

    /** The event loop that everything runs on. Any thread. */
    public EventLoop loop() {
        return loop;
    }

    /** Closes every connection; calls under way fail, later ones are refused. */
    public void close() {
        assert loop.inEventLoop();
        closed = true;
        for (StreamedCall call : List.copyOf(calls)) {
            call.abort();
        }
        for (TargetPool pool : List.copyOf(pools.values())) {
            pool.closeIdle();
        }
    }

    /** Applies other bounds to what begins from now on. */
    public void limit(UpstreamLimits other) {
        assert loop.inEventLoop();
        limits = other;
    }

    TargetPool pool(Target target, String service) {
        return pools.computeIfAbsent(target, key -> new TargetPool(this, key, service, ledger));
    }

    void over(StreamedCall call) {
        int last = calls.size() - 1;
        StreamedCall moved = calls.remove(last);
        if (moved != call) {
            calls.set(call.slot(), moved);
            moved.slot(call.slot());
        }
    }

    boolean isClosed() {
        return closed;
    }

    UpstreamLimits limits() {
        return limits;
    }

    ClientTls tls() {
        return tls;
    }

    NameResolution addresses() {
        return addresses;
    }

    /** A copy to connect to a target with. */
    Bootstrap bootstrap(Target target) {
        if (target.way().socket() != null) {
            return local.clone();
        }
        Bootstrap copy = network.clone();
        InetAddress from = target.way().from();
        return from == null ? copy : copy.localAddress(from, 0);
    }

    SocketAddress localAddress(Path socket) {
        return localAddress.apply(socket);
    }

    TargetHealth health() {
        return ledger.health();
    }

    /** What the operator is told of targets. */
    TargetNotices notices() {
        return notices;
    }

    /** The retry budget of a service, for this event loop. */
    RetryBudget budget(String service) {
        return budgets.computeIfAbsent(service, unused -> new RetryBudget());
    }

    long idleNanos() {
        return limits.idleTimeout().toNanos();
    }

    /** Nanoseconds since this client was made. */
    long now() {
        return loop.ticker().nanoTime() - origin;
    }

    void execute(Runnable task) {
        loop.execute(task);
    }

    private void check() {
        if (!checking) {
            checking = true;
            loop.schedule(this::checkDeadlines, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void checkDeadlines() {
        checking = false;
        try {
            long now = now();
            for (int i = calls.size() - 1; i >= 0; i--) {
                if (i < calls.size()) {
                    calls.get(i).checkDeadlines(now);
                }
            }
            closeIdle(now);
        } finally {
            // Whatever a listener throws, the other calls keep their deadlines.
            if (!calls.isEmpty() || !pools.isEmpty()) {
                check();
            }
        }
    }

    private void closeIdle(long now) {
        Iterator<Map.Entry<Target, TargetPool>> entries = pools.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Target, TargetPool> entry = entries.next();
            entry.getValue().closeExpired(now);
            if (entry.getValue().isEmpty()) {
                entries.remove();
                ledger.leave(entry.getKey(), entry.getValue());
            }
        }
    }
}
