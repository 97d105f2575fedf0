package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An introspection endpoint that can go away and come back on the same port. Tokens that begin with {@code good} are
 * active, with themselves as {@code jti}; all others are not. Counts calls, per token and in all.
 */
final class TokenServer implements AutoCloseable {
    private final Duration delay;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile @Nullable ServerSocket listener;
    private int port;
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    final Map<String, AtomicInteger> callsByToken = new ConcurrentHashMap<>();

    private TokenServer(Duration delay) {
        this.delay = delay;
    }

    /** Starts one that thinks for {@code delay} about each token. */
    static TokenServer start(Duration delay) throws IOException {
        TokenServer server = new TokenServer(delay);
        server.comeBack();
        return server;
    }

    int port() {
        return port;
    }

    /** The process dies: nobody listens any more and all connections are cut. */
    void goAway() throws IOException {
        ServerSocket closing = listener;
        if (closing != null) {
            closing.close();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Listens, on the port of the first time. */
    void comeBack() throws IOException {
        ServerSocket fresh = new ServerSocket();
        fresh.setReuseAddress(true);
        fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        port = fresh.getLocalPort();
        listener = fresh;
        start(() -> accept(fresh));
    }

    int callsFor(String token) {
        AtomicInteger count = callsByToken.get(token);
        return count == null ? 0 : count.get();
    }

    @Override
    public void close() throws IOException {
        never.countDown();
        goAway();
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                open.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // It went away.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (int length = head(in); length >= 0; length = head(in)) {
                String form = new String(in.readNBytes(length), US_ASCII);
                String token = form.substring("token=".length(), form.indexOf('&'));
                calls.incrementAndGet();
                callsByToken.computeIfAbsent(token, key -> new AtomicInteger()).incrementAndGet();
                if (never.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                connection.getOutputStream().write(answer(token));
            }
        } catch (IOException | InterruptedException gone) {
            // The gateway or the test closed the connection.
        } finally {
            open.remove(connection);
        }
    }

    private static byte[] answer(String token) {
        String body = token.startsWith("good")
                ? "{\"active\":true,\"sub\":\"" + token + "-sub\",\"jti\":\"" + token + "\",\"exp\":4102444800}"
                : "{\"active\":false}";
        return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(US_ASCII);
    }

    /** The length of the body of the next request; below zero at the end of the connection. */
    private static int head(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int length = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.append((char) next);
            } else if (line.length() <= 1) {
                return length;
            } else {
                String field = line.toString();
                if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(field.substring(15).strip());
                }
                line.setLength(0);
            }
        }
        return -1;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "token-server");
        thread.setDaemon(true);
        thread.start();
    }
}
