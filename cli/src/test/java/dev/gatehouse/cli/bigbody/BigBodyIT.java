package dev.gatehouse.cli.bigbody;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies far larger than the heap, with a slow peer at both ends, arrive byte for byte. The size in MiB is
 * {@code gatehouse.bigBody.mebibytes}; figures go to {@code target/big-bodies.txt}.
 */
final class BigBodyIT {
    private static final long LENGTH = Long.getLong("gatehouse.bigBody.mebibytes", 64) << 20;
    private static final Path JAR = Path.of("target", "gateway.jar");

    /** Without progress for so long a stream counts as stalled. */
    private static final int STALL_MILLIS = 20_000;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void streamsBodiesFarLargerThanTheHeap(@TempDir Path directory) throws Exception {
        int port = freePort();
        try (BulkBackend backend = new BulkBackend(LENGTH);
                SmallGateway gateway = SmallGateway.start(JAR, config(directory, port, backend), port);
                Watch watch = new Watch(gateway)) {
            long start = System.nanoTime();
            Transfer upload = upload(port);
            long uploaded = System.nanoTime();
            Transfer download = download(port);
            long downloaded = System.nanoTime();

            Files.writeString(
                    Path.of("target", "big-bodies.txt"),
                    String.format(
                            "%d MiB up in %.1f s, %d MiB down in %.1f s; SHA-256 %s and %s; "
                                    + "direct memory at most %d KiB, resident at most %d KiB%n",
                            LENGTH >> 20,
                            (uploaded - start) / 1e9,
                            LENGTH >> 20,
                            (downloaded - uploaded) / 1e9,
                            upload.received(),
                            download.received(),
                            watch.peak(),
                            gateway.peakResidentKibibytes()));
            assertThat(upload.received()).isEqualTo(upload.sent());
            assertThat(download.received()).isEqualTo(backend.sentDigest());
            assertThat(watch.peak()).as("direct memory in KiB").isPositive().isLessThan(64 << 10);
            assertThat(gateway.log()).noneMatch(line -> line.contains("LEAK:") || line.contains("OutOfMemory"));
        }
    }

    private record Transfer(String sent, String received) {}

    private static Transfer upload(int port) throws IOException {
        HttpURLConnection connection = connect(port, "/upload");
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(LENGTH);
        String sent;
        try (OutputStream out = connection.getOutputStream()) {
            sent = Bulk.write(out, LENGTH, SlowBursts.early());
        }
        try (InputStream in = connection.getInputStream()) {
            return new Transfer(sent, new String(in.readAllBytes(), US_ASCII));
        }
    }

    private static Transfer download(int port) throws IOException {
        HttpURLConnection connection = connect(port, "/download");
        try (InputStream in = connection.getInputStream()) {
            return new Transfer("", Bulk.read(in, SlowBursts.late()));
        }
    }

    private static HttpURLConnection connect(int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setReadTimeout(STALL_MILLIS);
        return connection;
    }

    private static Path config(Path directory, int port, BulkBackend backend) throws IOException {
        return Files.writeString(directory.resolve("gateway.config.yml"), """
                http:
                  port: %d
                apiEndpoints:
                  bulk:
                    paths: '/*'
                serviceEndpoints:
                  backend:
                    url: '%s'
                policies:
                  - proxy
                pipelines:
                  bulk:
                    apiEndpoints:
                      - bulk
                    policies:
                      - proxy:
                          - action:
                              serviceEndpoint: backend
                """.formatted(port, backend.url()), UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    /** Looks at the gateway's direct memory twice a second. */
    private static final class Watch implements AutoCloseable {
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        private final AtomicLong peak = new AtomicLong();

        Watch(SmallGateway gateway) {
            clock.scheduleWithFixedDelay(() -> look(gateway), 0, 500, TimeUnit.MILLISECONDS);
        }

        long peak() {
            return peak.get();
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }

        private void look(SmallGateway gateway) {
            try {
                peak.accumulateAndGet(gateway.directKibibytes(), Math::max);
            } catch (IOException | InterruptedException gone) {
                clock.shutdown();
            }
        }
    }
}
