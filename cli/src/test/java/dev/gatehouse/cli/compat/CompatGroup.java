package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Cases that share one configuration, hence one gateway; they run one after the other. */
final class CompatGroup implements Callable<List<CaseRun>> {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END_OF_PROCESS = Duration.ofSeconds(1);
    private static final Duration LOG = Duration.ofSeconds(2);

    private final List<CompatCase> cases;
    private final Supplier<GatewayUnderTest> gateways;
    private final ExecutorService threads;
    private final Path directory;
    private final Placeholders placeholders = new Placeholders();
    private int tlsPort;

    CompatGroup(List<CompatCase> cases, Supplier<GatewayUnderTest> gateways, ExecutorService threads, Path directory) {
        this.cases = cases;
        this.gateways = gateways;
        this.threads = threads;
        this.directory = directory;
    }

    @Override
    public List<CaseRun> call() throws Exception {
        List<CaseRun> runs = new ArrayList<>();
        try (Stubs stubs = Stubs.start(cases, placeholders, threads);
                GatewayUnderTest gateway = gateways.get()) {
            int port = FreePort.next();
            placeholders.port("PORT", port);
            tlsPort = FreePort.next();
            placeholders.port("TLS_PORT", tlsPort);
            String failure = start(gateway, port);
            for (CompatCase subject : cases) {
                if (failure.isEmpty() && gateway.hasEnded(Duration.ZERO)) {
                    failure = start(gateway, port);
                }
                boolean playable = failure.isEmpty() && subject.expectsStart();
                runs.add(new CaseRun(subject, failure, playable ? play(subject, stubs, gateway, port) : List.of()));
            }
        }
        return runs;
    }

    private String start(GatewayUnderTest gateway, int port) throws IOException {
        CompatCase first = cases.get(0);
        placeholders.text("DIR", directory.toString());
        for (Map.Entry<String, JsonNode> file : first.files().properties()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue().stringValue(), UTF_8);
        }
        Path config = write(first.config());
        Map<String, String> environment = new LinkedHashMap<>();
        first.env()
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(), placeholders.fill(variable.getValue().stringValue())));
        int seconds = first.document().path("start_timeout_s").intValue((int) START.toSeconds());
        return gateway.start(config, port, environment, Duration.ofSeconds(seconds));
    }

    private Path write(String config) throws IOException {
        return Files.writeString(directory.resolve("gateway.config.yml"), placeholders.fill(config), UTF_8);
    }

    private List<Observation> play(CompatCase subject, Stubs stubs, GatewayUnderTest gateway, int port)
            throws Exception {
        List<Observation> observations = new ArrayList<>();
        stubs.play(subject, placeholders);
        for (JsonNode step : subject.steps()) {
            if (step.has("sleep_ms")) {
                Scripted.pause(step.get("sleep_ms").longValue());
            } else if (step.has("write_config")) {
                write(step.get("write_config").stringValue());
            } else {
                stubs.forgetRequests();
                observations.add(observe(step, stubs, gateway, port));
            }
        }
        return observations;
    }

    private Observation observe(JsonNode step, Stubs stubs, GatewayUnderTest gateway, int port) throws Exception {
        int logStart = step.get("expected").has("log") ? gateway.log().length() : 0;
        JsonNode request = placeholders.fill(step.get("request"));
        int timeout = step.path("timeout_ms").intValue(15_000);
        Observation seen;
        if (step.has("burst")) {
            seen = burst(step.get("burst").intValue(), request, timeout, stubs, port, step);
        } else {
            ClientAnswer answer = new RequestSender(
                            request.path("tls").booleanValue(false) ? tlsPort : port, request, timeout)
                    .send();
            settle(step, stubs);
            seen = Observation.of(answer, stubs.received(placeholders::restore), placeholders::restore);
        }
        boolean broken = seen.values().path("status").isString();
        seen.values().put("gateway_exited", gateway.hasEnded(broken ? END_OF_PROCESS : Duration.ZERO));
        if (step.get("expected").has("log")) {
            addLog(seen, step.get("expected").get("log"), gateway, logStart);
        }
        return seen;
    }

    private Observation burst(int size, JsonNode request, int timeout, Stubs stubs, int port, JsonNode step)
            throws Exception {
        long start = System.nanoTime();
        List<Future<ClientAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            answers.add(threads.submit(() -> new RequestSender(port, request, timeout).send()));
        }
        Map<String, Integer> statuses = new TreeMap<>();
        for (Future<ClientAnswer> answer : answers) {
            statuses.merge(answer.get().status().asString(), 1, Integer::sum);
        }
        long elapsed = (System.nanoTime() - start) / 1_000_000;
        settle(step, stubs);
        return Observation.ofBurst(statuses, elapsed, stubs.received(placeholders::restore));
    }

    /** Gives a request that should not have been sent the time to arrive. */
    private static void settle(JsonNode step, Stubs stubs) {
        Scripted.pause(step.path("settle_ms").longValue(15));
        long end = System.nanoTime()
                + Duration.ofMillis(step.path("settle_max_ms").longValue(3000)).toNanos();
        while (!stubs.areIdle() && System.nanoTime() < end) {
            Scripted.pause(5);
        }
    }

    private void addLog(Observation seen, JsonNode expected, GatewayUnderTest gateway, int start) throws IOException {
        long end = System.nanoTime() + LOG.toNanos();
        do {
            seen.values().put("log", placeholders.restore(gateway.log().substring(start)));
            if (Expectation.differences(expected, seen.values().get("log"), "log")
                    .isEmpty()) {
                return;
            }
            Scripted.pause(50);
        } while (System.nanoTime() < end);
    }
}
