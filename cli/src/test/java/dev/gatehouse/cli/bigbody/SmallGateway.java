package dev.gatehouse.cli.bigbody;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The real jar in a process with a 64 MiB heap, and what that process takes from the system. */
final class SmallGateway implements AutoCloseable {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    /** Direct buffers are what the JVM counts as "Other". */
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+)KB");

    private final Process process;
    private final Path log;

    private SmallGateway(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static SmallGateway start(Path jar, Path config, int port) throws IOException {
        Path log = config.resolveSibling("gateway.log");
        Process process = new ProcessBuilder(
                        JAVA_HOME.resolve("bin/java").toString(),
                        "-Xmx64m",
                        "-XX:NativeMemoryTracking=summary",
                        "-jar",
                        jar.toString(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        SmallGateway gateway = new SmallGateway(process, log);
        Awaitility.await("the gateway listens")
                .atMost(Duration.ofSeconds(30))
                .failFast(() -> !process.isAlive())
                .until(() -> listens(port));
        return gateway;
    }

    /** Memory outside of the heap for direct buffers at this moment, in KiB. */
    long directKibibytes() throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        JAVA_HOME.resolve("bin/jcmd").toString(),
                        Long.toString(process.pid()),
                        "VM.native_memory",
                        "summary")
                .redirectErrorStream(true)
                .start();
        String text = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        jcmd.waitFor();
        Matcher other = OTHER.matcher(text);
        return other.find() ? Long.parseLong(other.group(1)) : 0;
    }

    /** Highest resident size so far in KiB; 0 where the system does not tell. */
    long peakResidentKibibytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status, UTF_8)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        }
    }

    List<String> log() throws IOException {
        return Files.readAllLines(log, UTF_8);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
