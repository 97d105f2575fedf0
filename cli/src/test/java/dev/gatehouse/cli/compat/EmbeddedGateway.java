package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.cli.reload.ControlThread;
import dev.gatehouse.cli.reload.Reloader;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.StartFailure;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The gateway in this JVM, prepared and started as the run command does it, without its ops and admin listeners. */
final class EmbeddedGateway implements GatewayUnderTest {
    private final ByteArrayOutputStream applicationLog;
    private final ByteArrayOutputStream accessLines = new ByteArrayOutputStream();
    private @Nullable Prepared prepared;
    private @Nullable AccessLog accessLog;
    private @Nullable ControlThread control;

    /** @param applicationLog what all gateways of this JVM log; safe on any thread */
    EmbeddedGateway(ByteArrayOutputStream applicationLog) {
        this.applicationLog = applicationLog;
    }

    @Override
    public String start(Path config, int port, Map<String, String> environment, Duration deadline) {
        Prepared built = Prepared.of(new Prepared.Source(config, environment, false, false, null));
        prepared = built;
        Gateway gateway = built.gateway();
        if (gateway == null || built.problems().hasErrors()) {
            return built.problems().all().stream().map(Problem::message).collect(Collectors.joining("; "));
        }
        AccessLog access = AccessLog.open(
                new AccessOptions(Access.ALL, false, true, true, ""), accessLines::writeBytes, built.meters());
        accessLog = access;
        ControlThread watching = new ControlThread(
                new Reloader(built.origin(), gateway, built.meters(), InstantSource.system(), System::nanoTime));
        control = watching;
        try {
            boolean listens = !gateway.start(access).isEmpty();
            watching.watch();
            return listens ? "" : "the file opens no port";
        } catch (StartFailure e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public boolean hasEnded(Duration patience) {
        return false;
    }

    @Override
    public String log() {
        return applicationLog.toString(UTF_8) + accessLines.toString(UTF_8);
    }

    @Override
    public void close() {
        if (control != null) {
            control.close();
        }
        if (prepared != null) {
            prepared.close();
        }
        if (accessLog != null) {
            accessLog.close();
        }
    }
}
