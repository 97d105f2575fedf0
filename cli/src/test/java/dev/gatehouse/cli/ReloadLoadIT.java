package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many reloads of a large file while clients never pause. {@code -Dgatehouse.reloads=200} is the long run; its figures
 * are printed.
 */
@Timeout(600)
final class ReloadLoadIT {
    private static final int RELOADS = Integer.getInteger("gatehouse.reloads", 30);
    private static final int WARM_UP = Math.min(20, RELOADS / 3);
    private static final int ROUTES = 500;
    private static final int CONNECTIONS = 64;
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");
    private static final Pattern TOOK = Pattern.compile("\"took_ms\":(\\d+)");

    @TempDir
    private Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void losesNoRequestAndKeepsWhatItKnows() throws Exception {
        try (CountingService backend = CountingService.open("text/plain", "ok");
                CountingService authorization = CountingService.open(
                        "application/json", "{\"active\":true,\"sub\":\"alice\",\"exp\":4102444800}")) {
            write(backend.port(), authorization.port(), 0);
            try (GatewayJarFixture gateway = GatewayJarFixture.start(directory, Map.of(), "run", "--no-watch")) {
                int port = gateway.port("http");
                try (LoadFixture load = LoadFixture.start(port, CONNECTIONS, ROUTES, "the-token")) {
                    await().until(() -> load.answered() > 1000);
                    List<Long> took = new ArrayList<>();
                    long heapBefore = 0;
                    int connectionsBefore = 0;
                    for (int number = 1; number <= RELOADS; number++) {
                        write(backend.port(), authorization.port(), number);
                        took.add(reload(gateway));
                        if (number == WARM_UP) {
                            heapBefore = heapAfterCollection(gateway);
                            connectionsBefore = backend.connections.get();
                        }
                    }
                    // The last configurations but one are given back when their requests are over, a moment after this.
                    long bound = heapBefore + heapBefore / 10 + 4 * 1024 * 1024;
                    AtomicLong heapAfter = new AtomicLong();
                    await().untilAsserted(() -> {
                        heapAfter.set(heapAfterCollection(gateway));
                        assertThat(heapAfter).as("heap").hasValueLessThan(bound);
                    });
                    int opened = backend.connections.get() - connectionsBefore;
                    print(load, took, heapBefore, heapAfter.get(), opened);

                    assertThat(load.failures()).isEmpty();
                    assertThat(authorization.requests).as("introspections").hasValue(1);
                    assertThat(opened).as("new connections to the service").isLessThan(CONNECTIONS);
                    await().until(() -> gateway.events("config.reloaded") == RELOADS);
                }
                assertThat(metric(gateway, "gateway_config_reload_total{result=\"applied\"}"))
                        .isEqualTo(RELOADS);
                assertThat(metric(gateway, "gateway_introspection_requests_total"))
                        .isEqualTo(1);
            }
        }
    }

    private void write(int backend, int authorization, int number) throws IOException {
        StringBuilder text = new StringBuilder("""
                http: {port: 0, hostname: 127.0.0.1}
                admin: {port: 0}
                limits: {maxRequestsPerConnection: 1000000}
                apiEndpoints:
                """);
        for (int i = 0; i < ROUTES; i++) {
            text.append("  r" + i + ": {host: '*', paths: [/r" + i + ", '/r" + i + "/*']}\n");
        }
        text.append("serviceEndpoints:\n  backend: {url: 'http://127.0.0.1:" + backend + "'}\n");
        text.append("policies: [oauth2-introspect, headers, proxy]\npipelines:\n");
        for (int i = 0; i < ROUTES; i++) {
            text.append("""
                      p%d:
                        apiEndpoints: [r%d]
                        policies:
                          - oauth2-introspect:
                              - action:
                                  endpoint: http://127.0.0.1:%d/introspect
                                  authorization_value: Basic Z3c6c2VjcmV0
                                  ttl: 3600
                          - headers: [{action: {forwardHeaders: {version: '"%d"'}}}]
                          - proxy: [{action: {serviceEndpoint: backend}}]
                    """.formatted(i, i, authorization, i % 10 == 0 ? number : 0));
        }
        Files.writeString(directory.resolve("gateway.config.yml"), text);
    }

    private long reload(GatewayJarFixture gateway) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.port("admin") + "/reload"))
                .POST(BodyPublishers.noBody())
                .build();
        String answer = client.send(request, BodyHandlers.ofString()).body();
        assertThat(answer).contains("\"result\":\"applied\"");
        Matcher took = TOOK.matcher(answer);
        assertThat(took.find()).isTrue();
        return Long.parseLong(took.group(1));
    }

    /** Bytes of objects that are in use; the histogram begins with a full collection, and the load cannot blur it. */
    private static long heapAfterCollection(GatewayJarFixture gateway) throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(gateway.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(histogram.getInputStream().readAllBytes(), UTF_8);
        assertThat(histogram.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Matcher total = TOTAL.matcher(text);
        assertThat(total.find()).as(text).isTrue();
        return Long.parseLong(total.group(1));
    }

    /** The sum over all lines that begin so. */
    private double metric(GatewayJarFixture gateway, String begin) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port("ops") + "/metrics"))
                .build();
        return client.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(begin))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void print(LoadFixture load, List<Long> took, long heapBefore, long heapAfter, int opened) {
        long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%d reloads of %d routes, %d connections: %d requests, %d failed; reload median %d ms, slowest %d ms;"
                        + " heap after collection %.1f MiB at #%d, %.1f MiB at the end; %d new service connections%n",
                took.size(),
                ROUTES,
                CONNECTIONS,
                load.answered(),
                load.failures().size(),
                sorted[sorted.length / 2],
                sorted[sorted.length - 1],
                heapBefore / 1048576.0,
                WARM_UP,
                heapAfter / 1048576.0,
                opened);
    }
}
