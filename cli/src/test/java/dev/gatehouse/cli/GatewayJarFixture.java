package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that runs the real jar. */
final class GatewayJarFixture implements AutoCloseable {
    static final Path JAR = Path.of(System.getProperty("gatehouse.jar", "target/gateway.jar"));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private GatewayJarFixture(Process process) {
        this.process = process;
        this.readers = List.of(collect(process.getInputStream(), out), collect(process.getErrorStream(), err));
    }

    static GatewayJarFixture start(Path directory, Map<String, String> environment, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-jar",
                JAR.toAbsolutePath().toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("JAVA_")
                        || name.startsWith("EG_")
                        || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().remove("LOG_LEVEL");
        builder.environment().put("GATEWAY_OPS_PORT", "0");
        builder.environment().putAll(environment);
        return new GatewayJarFixture(builder.start());
    }

    /** Waits for the event {@code gateway.started} and gives the port of a listener that it names. */
    int port(String listener) {
        await().atMost(PATIENCE).until(() -> !event("gateway.started").isEmpty() || !process.isAlive());
        String pattern = listener.equals("http")
                ? "\"listen\":\\[\"http [^\"]*:(\\d+)\""
                : '"' + listener + "\":\"[^\"]*:(\\d+)\"";
        Matcher match = Pattern.compile(pattern).matcher(event("gateway.started"));
        if (!match.find()) {
            throw new AssertionError("no " + listener + " listener; output:\n" + everything());
        }
        return Integer.parseInt(match.group(1));
    }

    /** The log line with this event name, empty when there is none. */
    String event(String name) {
        return err.stream()
                .filter(line -> line.contains("\"event\":\"" + name + "\""))
                .findFirst()
                .orElse("");
    }

    /** How many log lines have this event name. */
    long events(String name) {
        return err.stream()
                .filter(line -> line.contains("\"event\":\"" + name + "\""))
                .count();
    }

    /** Sends HUP. */
    void hangUp() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(pid())).start().waitFor();
    }

    long pid() {
        return process.pid();
    }

    /** Sends TERM and goes on reading, unlike {@link Process#destroy()}. */
    void terminate() {
        process.toHandle().destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end and gives the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running; output:\n" + everything());
        }
        for (Thread reader : readers) {
            reader.join(PATIENCE.toMillis());
        }
        return process.exitValue();
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    String everything() {
        return out() + err();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static Thread collect(InputStream stream, List<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                lines.add("(output broke off: " + e + ")");
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
