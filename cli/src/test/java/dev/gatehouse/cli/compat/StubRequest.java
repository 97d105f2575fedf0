package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** One request as a stub received it. Written by the connection's thread, read by the case's thread. */
final class StubRequest {
    private final String method;
    private final String url;
    private final String version;
    private final List<HttpField> fields;
    private final String framing;
    private volatile byte[] body = {};

    private StubRequest(String method, String url, String version, List<HttpField> fields) {
        this.method = method;
        this.url = url;
        this.version = version;
        this.fields = fields;
        this.framing = framingOf(fields);
    }

    static StubRequest head(String line, List<HttpField> fields) {
        String[] parts = (line + "   ").split(" ", -1);
        return new StubRequest(parts[0], parts[1], parts[2], fields);
    }

    void readBody(WireReader in, OutputStream out) throws IOException {
        if (HttpField.anyContains(fields, "expect", "100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        }
        if (framing.equals("chunked")) {
            in.chunked();
        } else if (framing.equals("length")) {
            in.exactly(Long.parseLong(HttpField.values(fields, "content-length").get(0)));
        }
        body = in.body();
    }

    String method() {
        return method;
    }

    String url() {
        return url;
    }

    String path() {
        return url.split("\\?", 2)[0];
    }

    String version() {
        return version;
    }

    List<HttpField> fields() {
        return fields;
    }

    /** {@code none}, {@code length} or {@code chunked}. */
    String framing() {
        return framing;
    }

    byte[] body() {
        return body;
    }

    private static String framingOf(List<HttpField> fields) {
        if (HttpField.anyContains(fields, "transfer-encoding", "chunked")) {
            return "chunked";
        }
        return HttpField.values(fields, "content-length").isEmpty() ? "none" : "length";
    }
}
