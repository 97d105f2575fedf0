package dev.gatehouse.cli.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A scripted HTTP/1.1 backend or authorization server that notes exactly what it received.
 *
 * <p>One thread per connection; script and log are guarded by this object's monitor.
 */
final class StubServer implements AutoCloseable {
    private final String name;
    private final boolean tls;
    private final ServerSocket listener;
    private final ExecutorService threads;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger busy = new AtomicInteger();
    private final List<StubRequest> log = new ArrayList<>();
    private StubScript script;

    StubServer(String name, @Nullable SSLContext tls, ExecutorService threads) throws IOException {
        this.name = name;
        this.tls = tls != null;
        this.threads = threads;
        this.script = new StubScript(name, Scripted.JSON.createObjectNode());
        ServerSocketFactory sockets = tls == null ? ServerSocketFactory.getDefault() : tls.getServerSocketFactory();
        this.listener = sockets.createServerSocket(0, 128, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String url() {
        return (tls ? "https" : "http") + "://127.0.0.1:" + port();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Takes the script of the next case and forgets what was received. */
    synchronized void play(JsonNode description) {
        script = new StubScript(name, description);
        log.clear();
    }

    synchronized void forgetRequests() {
        log.clear();
    }

    synchronized List<StubRequest> requests() {
        return List.copyOf(log);
    }

    /** Whether no request is being read or answered. */
    boolean isIdle() {
        return busy.get() == 0;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The listener was closed at the end of the group.
            connections.clear();
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(60_000);
            WireReader in = new WireReader(connection.getInputStream());
            while (answerOne(connection, in)) {
                in.startBody();
            }
        } catch (IOException gone) {
            // A gateway that breaks off is what many cases are about.
        } finally {
            connections.remove(connection);
        }
    }

    /** Returns whether the connection stays open. */
    private boolean answerOne(Socket connection, WireReader in) throws IOException {
        String first = in.line();
        String line = first.isEmpty() ? in.line() : first;
        busy.incrementAndGet();
        try {
            StubRequest request = StubRequest.head(line, in.fields());
            synchronized (this) {
                log.add(request);
            }
            request.readBody(in, connection.getOutputStream());
            JsonNode answer;
            synchronized (this) {
                answer = script.answer(request);
            }
            return new StubAnswer(name, answer, request).write(connection.getOutputStream());
        } finally {
            busy.decrementAndGet();
        }
    }
}
