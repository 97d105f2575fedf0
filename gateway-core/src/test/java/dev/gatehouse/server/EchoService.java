package dev.gatehouse.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A well-behaved service: {@code /echo} repeats the body, {@code /digest} answers its SHA-256, {@code /bytes/N} sends
 * N bytes, everything else names method and target.
 */
final class EchoService implements AutoCloseable {
    private static final int PIECE = 16 * 1024;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    final Queue<String> requests = new ConcurrentLinkedQueue<>();

    EchoService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** A policy that forwards everything here. */
    Policy forward() {
        Target target = new Target("127.0.0.1", server.getAddress().getPort(), null);
        return exchange -> Verdict.forward(
                new ForwardPlan("echo", List.of(target), exchange.request().uri(), null, false));
    }

    static byte[] piece(int size) {
        byte[] piece = new byte[size];
        for (int i = 0; i < size; i++) {
            piece[i] = (byte) ('a' + i % 26);
        }
        return piece;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add(exchange.getRequestMethod() + ' ' + path);
        try (exchange;
                InputStream in = exchange.getRequestBody()) {
            if (path.startsWith("/bytes/")) {
                send(exchange, Long.parseLong(path.substring("/bytes/".length())));
            } else if (path.equals("/echo")) {
                exchange.sendResponseHeaders(200, 0);
                in.transferTo(exchange.getResponseBody());
            } else if (path.equals("/digest")) {
                text(exchange, digest(in));
            } else {
                in.readAllBytes();
                text(exchange, exchange.getRequestMethod() + ' ' + path);
            }
        }
    }

    private static void send(HttpExchange exchange, long count) throws IOException {
        exchange.sendResponseHeaders(200, count);
        byte[] piece = piece(PIECE);
        try (OutputStream out = exchange.getResponseBody()) {
            for (long left = count; left > 0; left -= PIECE) {
                out.write(piece, 0, (int) Math.min(left, PIECE));
            }
        }
    }

    private static String digest(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void text(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
