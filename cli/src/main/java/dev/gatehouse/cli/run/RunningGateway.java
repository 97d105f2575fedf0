package dev.gatehouse.cli.run;

import dev.gatehouse.admin.AdminListener;
import dev.gatehouse.admin.LocalServer;
import dev.gatehouse.admin.OpsListener;
import dev.gatehouse.admin.Readiness;
import dev.gatehouse.admin.Router;
import dev.gatehouse.cli.reload.ControlThread;
import dev.gatehouse.cli.reload.Reloader;
import dev.gatehouse.config.AdminConfig;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.OpsConfig;
import dev.gatehouse.config.ShutdownConfig;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.policies.introspect.IntrospectionServers;
import dev.gatehouse.runtime.Bound;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.StartFailure;
import dev.gatehouse.runtime.StopReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started gateway with its ops and admin listeners. Main thread only. */
public final class RunningGateway {
    private static final Logger LOG = LoggerFactory.getLogger(RunningGateway.class);

    private final Prepared prepared;
    private final Gateway gateway;
    private final GatewayConfig config;
    private final AccessLog accessLog;
    private final ControlThread control;
    private @Nullable LocalServer ops;
    private @Nullable LocalServer admin;
    private volatile boolean stopping;

    private RunningGateway(Prepared prepared, Gateway gateway, GatewayConfig config, AccessLog accessLog) {
        this.prepared = prepared;
        this.gateway = gateway;
        this.config = config;
        this.accessLog = accessLog;
        this.control = new ControlThread(
                new Reloader(prepared.origin(), gateway, prepared.meters(), InstantSource.system(), System::nanoTime));
    }

    /**
     * Opens every listener: ops first, so that the platform sees a gateway that is starting.
     *
     * @param prepared without errors
     * @param log stays open
     * @param accessLog closed when the gateway stops or does not start
     * @throws StartFailure when a listener cannot be opened; nothing stays open
     */
    public static RunningGateway start(Prepared prepared, ApplicationLog log, AccessLog accessLog) throws StartFailure {
        Gateway gateway = prepared.gateway();
        GatewayConfig config = prepared.config();
        if (gateway == null || config == null) {
            throw new IllegalArgumentException("the configuration has errors");
        }
        RunningGateway running = new RunningGateway(prepared, gateway, config, accessLog);
        try {
            running.open();
            // After the start, because the first look at the platform's beans is slow.
            ProcessMeters.register(prepared.meters(), log);
            return running;
        } catch (StartFailure e) {
            running.close();
            throw e;
        }
    }

    /** Listeners for traffic. */
    public List<Bound> bound() {
        return gateway.bound();
    }

    /** Reloads the configuration: when asked, or when its files change. */
    public ControlThread control() {
        return control;
    }

    /** Where health and metrics are; null when the default port was taken. */
    public @Nullable InetSocketAddress ops() {
        return ops == null ? null : ops.address();
    }

    /** Where the admin API is; null when the file asks for none. */
    public @Nullable InetSocketAddress admin() {
        return admin == null ? null : admin.address();
    }

    /** Drains as the configuration says, then closes everything. Blocks as long. */
    public StopReport stop() {
        ShutdownConfig shutdown = gateway.config().shutdown();
        return stop(shutdown.delay(), shutdown.timeout());
    }

    /** The same with other times. */
    public StopReport stop(Duration delay, Duration timeout) {
        stopping = true;
        control.close();
        StopReport report = gateway.stop(delay, timeout);
        close();
        return report;
    }

    private void open() throws StartFailure {
        openOps();
        for (Bound listener : gateway.start(accessLog)) {
            // People search existing logs for this sentence.
            LOG.atInfo()
                    .addKeyValue("event", "listener.open")
                    .log("gateway {} server listening on {}", listener.protocol(), Addresses.text(listener.address()));
        }
        AdminConfig wanted = config.admin();
        if (wanted != null) {
            admin = await("admin", wanted.port(), openAdmin(wanted));
            LOG.atInfo()
                    .addKeyValue("event", "listener.open")
                    .log("admin http server listening on {}", Addresses.text(admin.address()));
        }
    }

    private void openOps() throws StartFailure {
        OpsConfig wanted = OpsAddress.of(config.ops(), System.getenv());
        try {
            ops = await(
                    "ops",
                    wanted.port(),
                    OpsListener.open(
                            prepared.transport(),
                            resolve("ops", wanted.host(), wanted.port()),
                            gateway::turning,
                            this::readiness,
                            prepared.meters()::scrape));
        } catch (StartFailure e) {
            if (wanted.asked()) {
                throw e;
            }
            LOG.atWarn().addKeyValue("event", "ops.unavailable").log("{}; going on without it", e.getMessage());
        }
    }

    private CompletionStage<LocalServer> openAdmin(AdminConfig wanted) throws StartFailure {
        return AdminListener.open(
                prepared.transport(),
                resolve("admin", wanted.host(), wanted.port()),
                wanted.host(),
                adminRoutes(),
                prepared.meters());
    }

    private Router adminRoutes() {
        Router routes = IntrospectionResource.routes(servers());
        return new StatusResource(control, () -> stopping).addTo(routes);
    }

    private IntrospectionServers servers() {
        return gateway.shared(new IntrospectionServers.Key(), IntrospectionServers::new);
    }

    private Readiness readiness() {
        boolean ready = gateway.isReady();
        String state = ready ? "ready" : stopping ? "stopping" : "starting";
        List<String> details = new ArrayList<>();
        details.add("requests in flight: " + gateway.inFlight());
        // For people only: one authorization server that is down must not take every gateway out of rotation.
        servers()
                .states()
                .forEach(server -> details.add("introspection " + server.server() + ": breaker " + server.breaker()));
        return new Readiness(ready, state, List.copyOf(details));
    }

    private void close() {
        control.close();
        gateway.close();
        if (admin != null) {
            admin.close();
        }
        if (ops != null) {
            ops.close();
        }
        Ends.await(accessLog.end());
        prepared.meters().close();
    }

    private static LocalServer await(String name, int port, CompletionStage<LocalServer> opening) throws StartFailure {
        try {
            return opening.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String reason = cause instanceof IllegalArgumentException
                    ? String.valueOf(cause.getMessage())
                    : "the " + name + " listener cannot use port " + port + ": " + Addresses.reason(cause);
            throw new StartFailure(reason, cause);
        }
    }

    private static InetSocketAddress resolve(String name, String host, int port) throws StartFailure {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new StartFailure("the " + name + " listener cannot use '" + host + "': no such address", e);
        }
    }
}
