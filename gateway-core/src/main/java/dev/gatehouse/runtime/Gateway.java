package dev.gatehouse.runtime;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.runtime.build.BuildMeters;
import dev.gatehouse.runtime.build.BuildTools;
import dev.gatehouse.runtime.build.Catalog;
import dev.gatehouse.runtime.build.GatewayOptions;
import dev.gatehouse.runtime.build.Guard;
import dev.gatehouse.runtime.build.SharedResources;
import dev.gatehouse.runtime.build.Snapshot;
import dev.gatehouse.runtime.build.SnapshotBuilder;
import dev.gatehouse.server.Traffic;
import dev.gatehouse.server.connection.ConnectionBound;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.TlsEngine;
import dev.gatehouse.tls.TlsProblem;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A gateway: built from a configuration, started, reloaded, stopped.
 *
 * <p>Control thread, but for what says otherwise. A lock keeps a reload and the looking after replaced snapshots apart;
 * no event loop ever takes it.
 */
public final class Gateway {
    private static final long POLL_NANOS = 2_000_000;
    private static final long SWEEP_MILLIS = 20;

    private final BuildTools tools;
    private final LateHttpCaller http;
    private final SharedResources resources;
    private final SharedResources.Lease own;
    private final BuildMeters meters;
    private final ConnectionBound connections;
    private final Generations generations;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final ReentrantLock changing = new ReentrantLock();
    private final ScheduledExecutorService files =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("gateway-files", true));
    // Written by the control thread, read by health checks.
    private volatile @Nullable Running running;

    private Gateway(
            BuildTools tools, LateHttpCaller http, SharedResources resources, BuildMeters meters, Snapshot first) {
        this.tools = tools;
        this.http = http;
        this.resources = resources;
        this.own = resources.lease();
        this.meters = meters;
        this.connections = new ConnectionBound(first.config().limits().maxConnections());
        this.generations = new Generations(first, tools.options().ticker());
    }

    /**
     * Builds everything that the configuration says, without a thread or a port.
     *
     * @return null when {@code problems} holds an error afterwards
     */
    public static @Nullable Gateway build(
            GatewayConfig config, Problems problems, Catalog catalog, GatewayOptions options) {
        LateHttpCaller http = new LateHttpCaller();
        BuildTools tools = new BuildTools(catalog, options, http);
        SharedResources resources = new SharedResources();
        BuildMeters meters = new BuildMeters(options.meters());
        Snapshot first = SnapshotBuilder.build(config, problems, tools, resources, new Traffic());
        return first == null ? null : new Gateway(tools, http, resources, meters, first);
    }

    /** The configuration in force. Any thread. */
    public GatewayConfig config() {
        return generations.current().config();
    }

    /** What guards each pipeline, in document order. Any thread. */
    public List<Guard> guards() {
        return generations.current().guards();
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
        Running now = running;
        return now == null
                ? CompletableFuture.completedFuture(false)
                : now.loops().turning();
    }

    /** Whether the gateway takes new work; false while it stops. Any thread. */
    public boolean isReady() {
        Running now = running;
        return now != null && !now.listeners().isEmpty() && !draining.get();
    }

    /** Requests under way. Any thread. */
    public long inFlight() {
        return generations.inFlight();
    }

    /** Files beside the configuration that policies were made from; a change of theirs needs a reload. Any thread. */
    public Set<Path> files() {
        return generations.current().files();
    }

    /** Files of keys and certificates, which {@link #reloadTls} reads again. Any thread. */
    public Set<Path> tlsFiles() {
        return generations.current().tlsFiles();
    }

    /** The listeners that accept. Any thread. */
    public List<Bound> bound() {
        Running now = running;
        return now == null ? List.of() : now.listeners().bound();
    }

    /**
     * Binds the listeners of the configuration.
     *
     * @throws StartFailure when an address cannot be bound or a key cannot be read; nothing stays open
     */
    public List<Bound> start(AccessLog accessLog) throws StartFailure {
        TlsEngine engine = TlsEngine.detect();
        ClientTls tls = new ClientTls(engine, files);
        Loops loops = new Loops(tools.options(), config().limits(), tls, generations::served, draining, accessLog);
        Listeners listeners = new Listeners(loops, engine, connections);
        running = new Running(loops, listeners, tls);
        http.set(loops.httpCaller());
        try {
            return listeners.prepare(config()).commit();
        } catch (StartFailure e) {
            close();
            throw e;
        }
    }

    /**
     * Makes the calls of policies to other servers possible without opening a port: for commands that find out what the
     * gateway would find out. Instead of {@link #start}; {@link #close} ends it.
     *
     * @param seen gets the gateway's own caller and gives the one that policies are to use
     */
    public void startCalls(AccessLog accessLog, UnaryOperator<HttpCaller> seen) {
        TlsEngine engine = TlsEngine.detect();
        ClientTls tls = new ClientTls(engine, files);
        Loops loops = new Loops(tools.options(), config().limits(), tls, generations::served, draining, accessLog);
        running = new Running(loops, new Listeners(loops, engine, connections), tls);
        http.set(seen.apply(loops.httpCaller()));
    }

    /**
     * Puts another configuration in force, completely or not at all. Requests in flight finish on the one they began
     * with; connections go on with the next request. What both configurations need stays the same live object.
     *
     * @return null when {@code problems} holds an error afterwards; then nothing has changed
     */
    public @Nullable Reloaded reload(GatewayConfig config, Problems problems) {
        changing.lock();
        try {
            Running now = running;
            if (now == null || draining.get()) {
                throw new IllegalStateException("the gateway does not run");
            }
            return replace(config, problems, now);
        } finally {
            changing.unlock();
        }
    }

    /** Reads the keys and certificates again of which a file is among {@code changed}; what fails stays as it was. */
    public List<TlsReload> reloadTls(Collection<Path> changed) {
        Running now = running;
        return now == null
                ? List.of()
                : now.reload(generations.current().inputs().tls(), changed);
    }

    /**
     * Stops: accepts for {@code delay} more, then no longer; requests in flight may finish until {@code timeout} is
     * over. Returns when every connection is closed.
     */
    public StopReport stop(Duration delay, Duration timeout) {
        long before = generations.finished();
        draining.set(true);
        waitUntil(delay, () -> false);
        changing.lock();
        try {
            Running now = running;
            if (now != null) {
                now.drain();
            }
        } finally {
            changing.unlock();
        }
        waitUntil(timeout, () -> connections.open() == 0);
        long cut = generations.inFlight();
        long finished = generations.finished() - before;
        close();
        return new StopReport(finished, cut);
    }

    /** Closes everything at once. */
    public void close() {
        draining.set(true);
        changing.lock();
        try {
            Running now = running;
            if (now != null) {
                now.close();
                running = null;
            }
            files.shutdownNow();
            generations.close();
            own.close();
        } finally {
            changing.unlock();
        }
    }

    private @Nullable Reloaded replace(GatewayConfig config, Problems problems, Running now) {
        Snapshot next = null;
        boolean done = false;
        meters.begin();
        try {
            next = SnapshotBuilder.build(config, problems, tools, resources, new Traffic());
            if (next == null) {
                return null;
            }
            now.tls().prepareNew(next.inputs().tls());
            Listeners.Change change = now.listeners().prepare(config);
            done = true;
            return commit(next, change, now);
        } catch (StartFailure e) {
            boolean key = e.getCause() instanceof TlsProblem;
            problems.error(key ? "E0503" : "E0505", null, key ? "https.tls" : "", String.valueOf(e.getMessage()));
            return null;
        } catch (TlsProblem e) {
            problems.error("E0502", null, "", String.valueOf(e.getMessage()));
            return null;
        } finally {
            if (done) {
                meters.keep();
            } else {
                if (next != null) {
                    next.close();
                }
                meters.undo();
            }
        }
    }

    private Reloaded commit(Snapshot next, Listeners.Change change, Running now) {
        connections.limit(next.config().limits().maxConnections());
        now.loops().limit(next.config().limits());
        generations.replace(next, now.loops()::passed, config().shutdown().timeout());
        List<Bound> opened = change.commit();
        sweepLater();
        return new Reloaded(opened, change.putOff());
    }

    private void sweepLater() {
        if (sweeping.compareAndSet(false, true)) {
            files.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        sweeping.set(false);
        // Whoever waits for this thread to read a file must not wait for a reload too.
        if (changing.tryLock()) {
            try {
                if (!draining.get() && generations.sweep()) {
                    meters.retain(generations.pipelines());
                    Running now = running;
                    if (now != null) {
                        now.retain(generations.snapshots().map(Snapshot::inputs));
                    }
                }
            } finally {
                changing.unlock();
            }
        }
        if (!draining.get() && !generations.isSettled()) {
            sweepLater();
        }
    }

    private static void waitUntil(Duration most, BooleanSupplier done) {
        long end = System.nanoTime() + most.toNanos();
        while (!done.getAsBoolean() && end - System.nanoTime() > 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
