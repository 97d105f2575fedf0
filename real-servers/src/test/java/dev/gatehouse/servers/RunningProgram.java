package dev.gatehouse.servers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program that a test started, with all that it writes.
 *
 * <p>It ends with {@link #close()}, at the latest with the tests themselves, and its children with it: only processes
 * that were started here are ended, each by its handle. What it writes is also in {@code output.txt} of its folder.
 */
public final class RunningProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<RunningProgram> ALL = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALL.forEach(RunningProgram::kill), "end programs"));
    }

    private final String name;
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private RunningProgram(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(() -> collect(output), "output of " + name);
        reader.setDaemon(true);
        reader.start();
        ALL.add(this);
    }

    /**
     * Starts a program.
     *
     * @param environment added to that of the tests, from which settings of Java, of proxies and of the gateway are
     *     taken out
     */
    public static RunningProgram start(
            String name, Path folder, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(RunningProgram::isForeign);
        builder.environment().putAll(environment);
        try {
            return new RunningProgram(name, builder.start(), folder.resolve("output.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    public String output() {
        return String.join("\n", lines) + "\n";
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for a line with this text and gives it; fails at once when the program ends without it. */
    public String awaitLine(String text, Duration patience) {
        await().atMost(patience).until(() -> find(text) != null || ended());
        String line = find(text);
        if (line == null) {
            throw new AssertionError(name + " ended without '" + text + "'; output:\n" + output());
        }
        return line;
    }

    /** Waits for the end, and until everything is read; gives the exit code. */
    public int awaitExit(Duration patience) {
        await().atMost(patience).until(this::ended);
        ALL.remove(this);
        return process.exitValue();
    }

    /** Asks the program to end and waits for that; gives the exit code. */
    public int terminate() {
        process.toHandle().destroy();
        return awaitExit(PATIENCE);
    }

    /** Ends the program and its children without asking. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ALL.remove(this);
    }

    @Override
    public void close() {
        kill();
    }

    private boolean ended() {
        return !process.isAlive() && !reader.isAlive();
    }

    private @Nullable String find(String text) {
        return lines.stream().filter(line -> line.contains(text)).findFirst().orElse(null);
    }

    private void collect(Path output) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
                BufferedWriter out = Files.newBufferedWriter(output)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                out.write(line);
                out.newLine();
                out.flush();
            }
        } catch (IOException e) {
            lines.add("(output broke off: " + e + ")");
        }
    }

    private static boolean isForeign(String variable) {
        String name = variable.toUpperCase(Locale.ROOT);
        return name.startsWith("JAVA_")
                || name.startsWith("KC_")
                || name.startsWith("EG_")
                || name.startsWith("GATEWAY_")
                || name.startsWith("NODE_")
                || name.endsWith("_PROXY")
                || name.equals("LOG_LEVEL");
    }
}
