package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/** Many connections that each send one request after the other until they are told to stop. */
final class LoadFixture implements AutoCloseable {
    private final int port;
    private final int routes;
    private final String token;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder answered = new LongAdder();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    private LoadFixture(int port, int routes, String token) {
        this.port = port;
        this.routes = routes;
        this.token = token;
    }

    /** Starts {@code connections} clients that ask for the routes {@code /r0} to {@code /r(routes-1)}. */
    static LoadFixture start(int port, int connections, int routes, String token) {
        LoadFixture load = new LoadFixture(port, routes, token);
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(load::run, "load-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    long answered() {
        return answered.sum();
    }

    /** What went wrong, with the answer or the exception. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join(10_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(20_000);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                boolean open = true;
                while (open && !stopped) {
                    open = exchange(socket, in);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    private boolean exchange(Socket socket, InputStream in) throws IOException {
        int route = ThreadLocalRandom.current().nextInt(routes);
        socket.getOutputStream()
                .write(("GET /r" + route + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                                + "\r\n\r\n")
                        .getBytes(US_ASCII));
        String head = head(in);
        int length = 0;
        for (String line : head.lines().toList()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            }
        }
        if (in.readNBytes(length).length < length) {
            throw new IOException("the body of /r" + route + " broke off");
        }
        if (!head.startsWith("HTTP/1.1 200 ")) {
            failures.add("/r" + route + ": " + head);
        }
        answered.increment();
        return !head.toLowerCase(Locale.ROOT).contains("connection: close");
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after \"" + head + '"');
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
