package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every request with the same text and counts connections and requests. Reads heads and bodies of known length. */
final class CountingService implements AutoCloseable {
    private final ServerSocket socket;
    private final byte[] answer;
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();

    private CountingService(ServerSocket socket, String mediaType, String body) {
        this.socket = socket;
        this.answer = ("HTTP/1.1 200 OK\r\nContent-Type: " + mediaType + "\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    static CountingService open(String mediaType, String body) throws IOException {
        CountingService service =
                new CountingService(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), mediaType, body);
        start(service::accept);
        return service;
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            StringBuilder line = new StringBuilder();
            int length = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line.append((char) next);
                } else if (line.length() <= 1) {
                    in.skipNBytes(length);
                    length = 0;
                    line.setLength(0);
                    requests.incrementAndGet();
                    connection.getOutputStream().write(answer);
                } else {
                    String field = line.toString();
                    if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                        length = Integer.parseInt(field.substring(15).strip());
                    }
                    line.setLength(0);
                }
            }
        } catch (IOException gone) {
            // The gateway closed the connection.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "service");
        thread.setDaemon(true);
        thread.start();
    }
}
