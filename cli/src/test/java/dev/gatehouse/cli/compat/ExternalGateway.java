package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A gateway in a process of its own, started by a command; <code>{config}</code> stands for the file. */
final class ExternalGateway implements GatewayUnderTest {
    private static final Set<String> PROXY_VARIABLES = Set.of("http_proxy", "https_proxy", "all_proxy", "no_proxy");

    private final String command;
    private @Nullable Process process;
    private @Nullable Path output;

    ExternalGateway(String command) {
        this.command = command;
    }

    @Override
    public String start(Path config, int port, Map<String, String> environment, Duration deadline) throws IOException {
        Path log = config.resolveSibling("gateway.log");
        output = log;
        List<String> words = Stream.of(command.split(" "))
                .map(word -> word.replace("{config}", config.toString()))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectOutput(log.toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> PROXY_VARIABLES.contains(name.toLowerCase(Locale.ROOT)));
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = started;
        long end = System.nanoTime() + deadline.toNanos();
        while (!listens(port)) {
            if (!started.isAlive()) {
                return "exited with " + started.exitValue() + ": " + log();
            }
            if (System.nanoTime() > end) {
                return "did not listen in time: " + log();
            }
            Scripted.pause(30);
        }
        return "";
    }

    @Override
    public boolean hasEnded(Duration patience) throws IOException {
        return process != null && endsWithin(process, patience);
    }

    @Override
    public String log() throws IOException {
        return output == null ? "" : new String(Files.readAllBytes(output), UTF_8);
    }

    @Override
    public void close() throws IOException {
        if (process != null && process.isAlive()) {
            process.destroy();
            if (!endsWithin(process, Duration.ofSeconds(5))) {
                process.destroyForcibly();
            }
        }
    }

    private static boolean endsWithin(Process process, Duration patience) throws IOException {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
