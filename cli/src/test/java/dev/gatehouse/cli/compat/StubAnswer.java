package dev.gatehouse.cli.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Writes one scripted answer, with the faults that the script asks for. */
final class StubAnswer {
    private final String stub;
    private final JsonNode script;
    private final StubRequest request;
    private final byte[] body;
    private final String framing;
    private final boolean closes;

    StubAnswer(String stub, JsonNode script, StubRequest request) {
        this.stub = stub;
        this.script = Scripted.atPresent(script);
        this.request = request;
        this.body = Scripted.body(this.script);
        this.framing = script.path("framing").stringValue("length");
        this.closes = framing.equals("close");
    }

    /** Returns whether the connection stays open. */
    boolean write(OutputStream out) throws IOException {
        Scripted.pause(script.path("delay_ms").longValue(0));
        if (script.path("drop").booleanValue(false)) {
            return false;
        }
        if (script.has("raw")) {
            out.write(script.get("raw").stringValue().getBytes(ISO_8859_1));
            return false;
        }
        out.write(head().getBytes(ISO_8859_1));
        if (request.method().equals("HEAD") || status() == 204 || status() == 304) {
            return !closes;
        }
        return (framing.equals("chunked") ? writeChunks(out) : writeBody(out)) && !closes;
    }

    private int status() {
        return script.path("status").intValue(200);
    }

    private String head() {
        List<HttpField> fields = new ArrayList<>();
        script.path("headers")
                .forEach(field -> fields.add(
                        new HttpField(field.get(0).stringValue(), field.get(1).stringValue())));
        List<HttpField> own = List.copyOf(fields);
        if (script.has("json")) {
            addIfAbsent(fields, own, "Content-Type", "application/json");
        }
        addIfAbsent(fields, own, "X-Stub", stub);
        if (framing.equals("length") && status() != 204) {
            addIfAbsent(fields, own, "Content-Length", Integer.toString(body.length));
        }
        if (framing.equals("chunked")) {
            fields.add(new HttpField("Transfer-Encoding", "chunked"));
        }
        if (closes) {
            addIfAbsent(fields, own, "Connection", "close");
        }
        String reason = script.path("reason")
                .stringValue(HttpResponseStatus.valueOf(status()).reasonPhrase());
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status() + " " + reason + "\r\n");
        fields.forEach(field ->
                head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private static void addIfAbsent(List<HttpField> fields, List<HttpField> scripted, String name, String value) {
        if (HttpField.values(scripted, name).isEmpty()) {
            fields.add(new HttpField(name, value));
        }
    }

    private boolean writeBody(OutputStream out) throws IOException {
        int cut = script.path("cut").intValue(0);
        out.write(body, 0, cut > 0 ? Math.min(cut, body.length) : body.length);
        return cut == 0;
    }

    private boolean writeChunks(OutputStream out) throws IOException {
        if (!script.has("chunks") && body.length > 0) {
            writeChunk(out, body);
        }
        for (JsonNode chunk : script.path("chunks")) {
            if (chunk.has("sleep_ms")) {
                Scripted.pause(chunk.get("sleep_ms").longValue());
            } else {
                writeChunk(out, chunk.stringValue().getBytes(ISO_8859_1));
            }
        }
        if (script.has("cut")) {
            return false;
        }
        out.write("0\r\n\r\n".getBytes(ISO_8859_1));
        return true;
    }

    static void writeChunk(OutputStream out, byte[] chunk) throws IOException {
        out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes(ISO_8859_1));
        out.write(chunk);
        out.write("\r\n".getBytes(ISO_8859_1));
        out.flush();
    }
}
