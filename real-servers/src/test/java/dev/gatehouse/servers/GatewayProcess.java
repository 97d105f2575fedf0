package dev.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged gateway with a configuration of the test, at the finest log level.
 *
 * <p>When it is closed it has to end by itself, with exit code 0, and none of the {@link Marks} may be in anything that
 * it wrote.
 */
public final class GatewayProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunningProgram program;
    private final Marks marks;
    private final String started;

    private GatewayProcess(RunningProgram program, Marks marks) {
        this.program = program;
        this.marks = marks;
        this.started = program.awaitLine("\"event\":\"gateway.started\"", PATIENCE);
    }

    /**
     * Starts a gateway and waits until it listens.
     *
     * @param config gateway.config.yml; its listeners should have port 0
     * @param environment variables that the configuration names
     */
    public static GatewayProcess start(String config, Marks marks, Map<String, String> environment) {
        Path folder = Workspace.folder("gateway");
        try {
            Files.writeString(folder.resolve("gateway.config.yml"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of(Workspace.java(), "-Xmx128m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-jar", Workspace.gatewayJar().toString(), "run", "--log-level", "silly"));
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("GATEWAY_OPS_PORT", "0");
        RunningProgram program = RunningProgram.start("gateway", folder, all, command);
        try {
            return new GatewayProcess(program, marks);
        } catch (AssertionError | RuntimeException e) {
            program.kill();
            throw e;
        }
    }

    /** A URL of the http listener. */
    public URI http(String path) {
        return URI.create("http://127.0.0.1:" + port("\"listen\":\\[[^\\]]*\"http [^\"]*:(\\d+)\"") + path);
    }

    /** A URL of the https listener. */
    public URI https(String path) {
        return URI.create("https://127.0.0.1:" + port("\"listen\":\\[[^\\]]*\"https [^\"]*:(\\d+)\"") + path);
    }

    /** A URL of health and metrics. */
    public URI ops(String path) {
        return URI.create("http://127.0.0.1:" + port("\"ops\":\"[^\"]*:(\\d+)\"") + path);
    }

    /** The log lines of an event, as JSON. */
    public List<String> events(String name) {
        return program.lines().stream()
                .filter(line -> line.contains("\"event\":\"" + name + "\""))
                .toList();
    }

    public String output() {
        return program.output();
    }

    @Override
    public void close() {
        int exit = program.terminate();
        marks.assertAbsentFrom(program.output(), "the gateway");
        assertThat(exit).as("exit code of the gateway; output:\n" + output()).isZero();
    }

    private int port(String pattern) {
        Matcher match = Pattern.compile(pattern).matcher(started);
        if (!match.find()) {
            throw new AssertionError("no such listener in: " + started);
        }
        return Integer.parseInt(match.group(1));
    }
}
