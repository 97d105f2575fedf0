package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import tools.jackson.databind.JsonNode;

/** Sends one request exactly as described, on a connection of its own, and reads what comes back. */
final class RequestSender {
    private final int port;
    private final JsonNode request;
    private final int timeoutMillis;
    private final ClientAnswer answer = new ClientAnswer();

    RequestSender(int port, JsonNode request, int timeoutMillis) {
        this.port = port;
        this.request = request;
        this.timeoutMillis = timeoutMillis;
    }

    ClientAnswer send() {
        long start = System.nanoTime();
        try (Socket plain = new Socket()) {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(timeoutMillis);
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeoutMillis);
            Socket socket = request.path("tls").booleanValue(false) ? encrypted(plain) : plain;
            write(socket.getOutputStream());
            read(new WireReader(socket.getInputStream()));
        } catch (SocketTimeoutException e) {
            answer.timedOut();
        } catch (IOException e) {
            answer.closed(e);
        }
        answer.took((System.nanoTime() - start) / 1_000_000);
        return answer;
    }

    /** Says which name it wants only where the case has one: an address is no server name (RFC 6066 section 3). */
    private Socket encrypted(Socket plain) throws IOException {
        String name = request.path("sni").stringValue("127.0.0.1");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
            socket.startHandshake();
            byte[] certificate = socket.getSession().getPeerCertificates()[0].getEncoded();
            answer.peer(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate)));
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void write(OutputStream out) throws IOException {
        List<HttpField> fields = fields();
        StringBuilder head = new StringBuilder(method());
        head.append(' ').append(request.path("path").stringValue("/"));
        head.append(" HTTP/").append(request.path("http").stringValue("1.1")).append("\r\n");
        fields.forEach(field ->
                head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(UTF_8));
        if (request.has("chunks")) {
            writeChunks(out);
        } else if (Scripted.hasBody(request)) {
            writeBody(out);
        }
    }

    private List<HttpField> fields() {
        List<HttpField> fields = new ArrayList<>();
        request.path("headers")
                .forEach(field -> fields.add(
                        new HttpField(field.get(0).stringValue(), field.get(1).stringValue())));
        boolean typed = !HttpField.values(fields, "content-type").isEmpty();
        boolean sized = !HttpField.values(fields, "content-length").isEmpty();
        if (!request.has("host") && HttpField.values(fields, "host").isEmpty()) {
            fields.add(0, new HttpField("Host", "127.0.0.1:" + port));
        } else if (request.path("host").isString()) {
            fields.add(0, new HttpField("Host", request.get("host").stringValue()));
        }
        if (request.has("chunks")) {
            fields.add(new HttpField("Transfer-Encoding", "chunked"));
        } else if (Scripted.hasBody(request) && !sized) {
            fields.add(new HttpField("Content-Length", Integer.toString(Scripted.body(request).length)));
        }
        if (!typed && request.has("json")) {
            fields.add(new HttpField("Content-Type", "application/json"));
        } else if (!typed && request.has("form")) {
            fields.add(new HttpField("Content-Type", "application/x-www-form-urlencoded"));
        }
        return fields;
    }

    private void writeChunks(OutputStream out) throws IOException {
        for (JsonNode chunk : request.get("chunks")) {
            if (chunk.has("sleep_ms")) {
                Scripted.pause(chunk.get("sleep_ms").longValue());
            } else {
                StubAnswer.writeChunk(out, chunk.stringValue().getBytes(UTF_8));
            }
        }
        out.write("0\r\n\r\n".getBytes(UTF_8));
    }

    private void writeBody(OutputStream out) throws IOException {
        try {
            out.write(Scripted.body(request));
        } catch (SocketException early) {
            // The gateway may answer and close before it has read everything; the answer decides.
            answer.note(early);
        }
    }

    private void read(WireReader in) throws IOException {
        String line = in.line();
        List<HttpField> fields = in.fields();
        int status = status(line);
        while (status >= 100 && status < 200 && status != 101) {
            answer.interim(status);
            line = in.line();
            fields = in.fields();
            status = status(line);
        }
        String[] parts = line.split(" ", 3);
        answer.head(status, parts.length > 2 ? parts[2] : "", fields);
        if (!method().equals("HEAD") && status != 204 && status != 304 && status != 101) {
            readBody(in, fields);
        }
    }

    private void readBody(WireReader in, List<HttpField> fields) throws IOException {
        try {
            if (HttpField.anyContains(fields, "transfer-encoding", "chunked")) {
                answer.framing("chunked");
                in.chunked();
            } else if (!HttpField.values(fields, "content-length").isEmpty()) {
                answer.framing("length");
                in.exactly(Long.parseLong(
                        HttpField.values(fields, "content-length").get(0)));
            } else {
                answer.framing("close");
                in.toEnd();
            }
        } catch (EOFException | SocketException e) {
            answer.truncated(e);
        }
        answer.body(in.body());
    }

    private String method() {
        return request.path("method").stringValue("GET");
    }

    private static int status(String line) throws IOException {
        try {
            return Integer.parseInt(line.split(" ", 3)[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("not a status line: " + line, e);
        }
    }
}
