package dev.gatehouse.cli.demo;

import dev.gatehouse.cli.run.ApplicationLog;
import dev.gatehouse.cli.run.ExitCode;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.cli.run.RunningGateway;
import dev.gatehouse.cli.run.Signals;
import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.metrics.Spool;
import dev.gatehouse.runtime.StartFailure;
import dev.gatehouse.transport.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.event.Level;

/** What {@code gateway demo} does. Main thread. */
public final class Demo {
    private static final String FILE = "gateway.config.yml";
    private static final int SERVER_PORT = 9080;
    private static final int BACKEND_PORT = 9090;

    /** Ports of the gateway; 0 = any free one. */
    private record Gates(int http, int admin, int ops) {
        static final Gates FREE = new Gates(0, 0, 0);

        static Gates usual() {
            return new Gates(Ports.freeOrAny(8080), Ports.freeOrAny(9876), Ports.freeOrAny(9877));
        }
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Ports ports = new Ports(Transport.detect());

    public Demo(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Writes the demo's configuration to {@code directory}; never overwrites. Gives the exit code. */
    public int write(Path directory) {
        Path file = directory.resolve(FILE);
        try (InputStream config = config()) {
            Files.createDirectories(directory);
            Files.copy(config, file);
            out.println("wrote " + file);
            return ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            err.println("gateway: '" + file + "' exists; it was not changed");
        } catch (IOException e) {
            err.println("gateway: '" + file + "' cannot be written: " + e.getMessage());
        }
        return ExitCode.CANNOT_START;
    }

    /** Serves until TERM or INT; gives the exit code. */
    public int serve() {
        try (ApplicationLog log = openLog(Level.WARN);
                AuthorizationServer server = AuthorizationServer.open(ports, SERVER_PORT);
                Backend backend = Backend.open(ports, BACKEND_PORT)) {
            RunningGateway gateway = start(log, server, backend, Gates.usual(), out::writeBytes);
            CountDownLatch stop = new CountDownLatch(1);
            Signals.onStop(stop::countDown, () -> Runtime.getRuntime().halt(ExitCode.CUT_OFF));
            welcome(gateway, server, backend).forEach(out::println);
            stop.await();
            return gateway.stop().cut() == 0 ? ExitCode.OK : ExitCode.CUT_OFF;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERNAL;
        } catch (StartFailure | IOException e) {
            err.println("gateway: the demo cannot start: " + e.getMessage());
            return ExitCode.CANNOT_START;
        }
    }

    /** Performs the demo's requests on free ports and prints what came back; gives the exit code. */
    public int selfTest() {
        try (ApplicationLog log = openLog(Level.ERROR);
                AuthorizationServer server = AuthorizationServer.open(ports, 0);
                Backend backend = Backend.open(ports, 0)) {
            RunningGateway gateway = start(log, server, backend, Gates.FREE, lines -> {});
            List<SelfTest.Step> steps = new SelfTest(url(gateway), adminUrl(gateway), server).run();
            SelfTestTable.lines(steps).forEach(out::println);
            gateway.stop(Duration.ZERO, Duration.ZERO);
            return steps.stream().allMatch(SelfTest.Step::asExpected) ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERNAL;
        } catch (StartFailure e) {
            err.println("gateway: the demo cannot start: " + e.getMessage());
            return ExitCode.CANNOT_START;
        } catch (IOException e) {
            err.println("gateway: the self-test broke off: " + e);
            return ExitCode.ANSWER_IS_NO;
        }
    }

    private ApplicationLog openLog(Level level) {
        return ApplicationLog.open(false, level, ZoneId.systemDefault(), err::writeBytes);
    }

    /** Reads the demo's file the way {@code run} reads any file. */
    private static RunningGateway start(
            ApplicationLog log, AuthorizationServer server, Backend backend, Gates gates, Spool.Sink requests)
            throws IOException, StartFailure {
        Path directory = Files.createTempDirectory("gateway-demo");
        Path file = directory.resolve(FILE);
        try (InputStream config = config()) {
            Files.copy(config, file);
            Map<String, String> variables = Map.of(
                    "DEMO_HTTP_PORT", Integer.toString(gates.http()),
                    "DEMO_ADMIN_PORT", Integer.toString(gates.admin()),
                    "DEMO_OPS_PORT", Integer.toString(gates.ops()),
                    "DEMO_SERVER_PORT", Integer.toString(server.port()),
                    "DEMO_BACKEND_PORT", Integer.toString(backend.port()));
            Prepared prepared = Prepared.of(new Prepared.Source(file, variables, false, false, null));
            if (prepared.problems().hasErrors()) {
                throw new IllegalStateException(
                        "the demo's configuration: " + prepared.problems().all());
            }
            AccessOptions lines = new AccessOptions(Access.ALL, false, true, false, "  ");
            return RunningGateway.start(prepared, log, AccessLog.open(lines, requests, prepared.meters()));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    private static InputStream config() {
        InputStream config = Demo.class.getResourceAsStream(FILE);
        if (config == null) {
            throw new IllegalStateException("the demo's configuration is missing from the jar");
        }
        return config;
    }

    private static URI url(RunningGateway gateway) {
        return URI.create("http://127.0.0.1:" + gateway.bound().get(0).address().getPort());
    }

    private static URI adminUrl(RunningGateway gateway) {
        InetSocketAddress admin = gateway.admin();
        if (admin == null) {
            throw new IllegalStateException("the demo's configuration has no admin listener");
        }
        return URI.create("http://127.0.0.1:" + admin.getPort());
    }

    private static List<String> welcome(RunningGateway gateway, AuthorizationServer server, Backend backend) {
        String url = "http://localhost:" + url(gateway).getPort();
        String read = "curl -i -H \"Authorization: Bearer demo-read\" " + url + "/orders";
        String write = "curl -i -X POST -H \"Authorization: Bearer demo-read\" " + url + "/orders";
        InetSocketAddress ops = gateway.ops();
        return List.of(
                "  gateway    " + url + "     authorization server  " + server.url() + "     backend  " + backend.url(),
                "  admin      http://localhost:" + adminUrl(gateway).getPort() + "/introspection"
                        + (ops == null ? "" : "     metrics  http://localhost:" + ops.getPort() + "/metrics"),
                "",
                "  Try these in another terminal:",
                "    curl -i " + url + "/orders" + " ".repeat(40) + "# 401, no token",
                "    " + read + "    # 200, introspected",
                "    " + read + "    # 200, from cache",
                "    " + write + "   # 403, needs scope orders:write",
                "",
                "  Requests (live):");
    }
}
