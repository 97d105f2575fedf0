package dev.gatehouse.runtime;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.HttpConfig;
import dev.gatehouse.config.HttpsConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.server.ConnectionBound;
import dev.gatehouse.server.Listener;
import dev.gatehouse.server.Traffic;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsEngine;
import dev.gatehouse.tls.TlsProblem;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A gateway: built from a configuration, started, stopped. Control thread only. */
public final class Gateway {
    private static final long POLL_NANOS = 2_000_000;

    private final GatewayOptions options;
    private final LateHttpCaller http;
    private final Traffic traffic;
    private final SharedResources.Lease own;
    private final ConnectionBound connections;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicReference<Snapshot> current;
    // Changed by the control thread, asked for by readiness checks.
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService files =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("gateway-files", true));
    // Written by the control thread, read by health checks.
    private volatile @Nullable Loops loops;

    private Gateway(
            GatewayOptions options, LateHttpCaller http, Traffic traffic, SharedResources resources, Snapshot first) {
        this.options = options;
        this.own = resources.lease();
        this.http = http;
        this.traffic = traffic;
        this.connections = new ConnectionBound(first.config().limits().maxConnections());
        this.current = new AtomicReference<>(first);
    }

    /**
     * Builds everything that the configuration says, without a thread or a port.
     *
     * @return null when {@code problems} holds an error afterwards
     */
    public static @Nullable Gateway build(
            GatewayConfig config, Problems problems, Catalog catalog, GatewayOptions options) {
        LateHttpCaller http = new LateHttpCaller();
        Traffic traffic = new Traffic();
        BuildTools tools = new BuildTools(catalog, options, http);
        SharedResources resources = new SharedResources();
        Snapshot first = SnapshotBuilder.build(config, problems, tools, resources, traffic);
        return first == null ? null : new Gateway(options, http, traffic, resources, first);
    }

    public GatewayConfig config() {
        return current.get().config();
    }

    /** What guards each pipeline, in document order. */
    public List<Guard> guards() {
        return current.get().guards();
    }

    /**
     * A live object of the policies, such as a registry; see {@link dev.gatehouse.policy.PolicyContext#shared}. It lives
     * as long as this gateway.
     */
    public <T> T shared(Record key, Supplier<T> make) {
        return own.get(key, make);
    }

    /** Whether every event loop runs tasks; completes within a second, on any thread. Any thread. */
    public CompletionStage<Boolean> turning() {
        Loops running = loops;
        return running == null ? CompletableFuture.completedFuture(false) : running.turning();
    }

    /** Whether the gateway takes new work; false while it stops. Any thread. */
    public boolean isReady() {
        return !listeners.isEmpty() && !draining.get();
    }

    /** Requests under way. Any thread. */
    public long inFlight() {
        return traffic.inFlight();
    }

    /**
     * Binds the listeners of the configuration.
     *
     * @throws StartFailure when an address cannot be bound or a key cannot be read; nothing stays open
     */
    public List<Bound> start(AccessLog accessLog) throws StartFailure {
        TlsEngine engine = TlsEngine.detect();
        ClientTls tls = new ClientTls(engine, files);
        Loops started =
                new Loops(options, config().limits(), tls, () -> current.get().served(), draining, accessLog);
        loops = started;
        http.set(started.httpCaller());
        List<Bound> bound = new ArrayList<>();
        try {
            HttpConfig cleartext = config().http();
            if (cleartext != null) {
                bound.add(bind("http", started.listener(null, connections), cleartext.hostname(), cleartext.port()));
            }
            HttpsConfig https = config().https();
            if (https != null) {
                Listener listener = started.listener(serverTls(https, engine), connections);
                bound.add(bind("https", listener, https.hostname(), https.port()));
            }
            return bound;
        } catch (StartFailure e) {
            close();
            throw e;
        }
    }

    /**
     * Stops: accepts for {@code delay} more, then no longer; requests in flight may finish until {@code timeout} is
     * over. Returns when every connection is closed.
     */
    public StopReport stop(Duration delay, Duration timeout) {
        long before = traffic.finished();
        draining.set(true);
        waitUntil(delay, () -> false);
        listeners.forEach(listener -> listener.stopAccepting().awaitUninterruptibly());
        listeners.forEach(Listener::drain);
        waitUntil(timeout, () -> connections.open() == 0);
        long cut = traffic.inFlight();
        long finished = traffic.finished() - before;
        close();
        return new StopReport(finished, cut);
    }

    /** Closes everything at once. */
    public void close() {
        draining.set(true);
        listeners.forEach(listener -> listener.stopAccepting().awaitUninterruptibly());
        listeners.forEach(Listener::closeConnections);
        listeners.clear();
        Loops running = loops;
        if (running != null) {
            running.close();
            loops = null;
        }
        files.shutdownNow();
        current.get().close();
        own.close();
    }

    private Bound bind(String protocol, Listener listener, @Nullable String host, int port) throws StartFailure {
        var binding = listener.bind(address(protocol, host, port)).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new StartFailure(reason(protocol, host, port, binding.cause()), binding.cause());
        }
        listeners.add(listener);
        return new Bound(protocol, listener.address());
    }

    private static ServerTls serverTls(HttpsConfig https, TlsEngine engine) throws StartFailure {
        try {
            return ServerTls.load(https, engine);
        } catch (TlsProblem e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static InetSocketAddress address(String protocol, @Nullable String host, int port) throws StartFailure {
        if (host == null) {
            return new InetSocketAddress(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new StartFailure("the " + protocol + " listener cannot use '" + host + "': no such address", e);
        }
    }

    private static String reason(String protocol, @Nullable String host, int port, Throwable cause) {
        String where = (host == null ? "" : host + ':') + port;
        if (cause instanceof BindException || String.valueOf(cause.getMessage()).contains("in use")) {
            return "the " + protocol + " listener cannot use port " + where + ": it is in use";
        }
        return "the " + protocol + " listener cannot use port " + where + ": " + cause.getMessage();
    }

    private static void waitUntil(Duration most, BooleanSupplier done) {
        long end = System.nanoTime() + most.toNanos();
        while (!done.getAsBoolean() && end - System.nanoTime() > 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
