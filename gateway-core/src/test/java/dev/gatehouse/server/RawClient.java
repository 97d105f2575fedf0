package dev.gatehouse.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client that sends exactly the bytes it is told to and reads responses one by one. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public RawClient(int port) throws IOException {
        this(port, 0);
    }

    /** A client whose receive buffer is small, so that it takes little when it does not read. */
    public RawClient(int port, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = socket.getInputStream();
    }

    /** Sends {@code text}, one byte per character; {@code \n} is sent as CRLF only where it is written so. */
    public RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a GET with the headers that every request needs. */
    public RawClient get(String target, String... lines) throws IOException {
        StringBuilder head = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    public void stopSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset instead of an orderly end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The next response to a request that was not HEAD. */
    public Response read() throws IOException {
        return read(false);
    }

    public Response read(boolean toHead) throws IOException {
        String statusLine = line();
        List<String> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.add(line);
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Response head = new Response(status, headers, "");
        boolean bodiless = toHead || status < 200 || status == 204 || status == 304;
        return bodiless ? head : new Response(status, headers, body(head));
    }

    /** What arrives until the connection ends. A reset counts as an end. */
    public String rest() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException e) {
            all.writeBytes("[reset]".getBytes(StandardCharsets.US_ASCII));
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    public InputStream stream() {
        return in;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String body(Response head) throws IOException {
        String length = head.header("content-length");
        if (length != null) {
            return text(in.readNBytes(Integer.parseInt(length)), Integer.parseInt(length));
        }
        if (!"chunked".equals(head.header("transfer-encoding"))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        StringBuilder body = new StringBuilder();
        for (int size = chunk(); size > 0; size = chunk()) {
            body.append(text(in.readNBytes(size), size));
            line();
        }
        for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
            body.append("[trailer ").append(trailer).append(']');
        }
        return body.toString();
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private static String text(byte[] bytes, int expected) throws EOFException {
        if (bytes.length < expected) {
            throw new EOFException("cut after " + bytes.length + " of " + expected + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended after \"" + line + '"');
            }
            line.append((char) b);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line does not end in CRLF: " + line);
        }
        return line.substring(0, line.length() - 1);
    }

    /** A response as received. */
    public record Response(int status, List<String> headers, String body) {
        public @Nullable String header(String name) {
            for (String line : headers) {
                int colon = line.indexOf(':');
                if (line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                    return line.substring(colon + 1).trim();
                }
            }
            return null;
        }
    }
}
