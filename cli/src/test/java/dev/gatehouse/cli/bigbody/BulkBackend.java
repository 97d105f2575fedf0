package dev.gatehouse.cli.bigbody;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes uploads and answers with their digest; gives downloads and notes theirs. */
final class BulkBackend implements AutoCloseable {
    private final long length;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

    BulkBackend(long length) throws IOException {
        this.length = length;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/upload", this::takeUpload);
        server.createContext("/download", this::giveDownload);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Digest of the download that was given; null when none was finished in time. */
    @Nullable
    String sentDigest() throws InterruptedException {
        return sent.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void takeUpload(HttpExchange exchange) throws IOException {
        byte[] digest = Bulk.read(exchange.getRequestBody(), SlowBursts.late()).getBytes(US_ASCII);
        exchange.sendResponseHeaders(200, digest.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(digest);
        }
    }

    private void giveDownload(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, length);
        try (OutputStream out = exchange.getResponseBody()) {
            sent.add(Bulk.write(out, length, SlowBursts.early()));
        }
    }
}
