package dev.gatehouse.cli.compat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the client saw of one answer, a broken one included. One thread. */
final class ClientAnswer {
    private JsonNode status = JsonNodeFactory.instance.nullNode();
    private String reason = "";
    private List<HttpField> fields = List.of();
    private byte[] body = {};
    private @Nullable String framing;
    private boolean truncated;
    private long elapsedMillis;
    private String trouble = "";
    private String peerSha256 = "";
    private final List<Integer> interim = new ArrayList<>();

    void interim(int code) {
        interim.add(code);
    }

    void head(int code, String phrase, List<HttpField> received) {
        status = JsonNodeFactory.instance.numberNode(code);
        reason = phrase;
        fields = received;
    }

    /** Fingerprint of the certificate that the gateway showed. */
    void peer(String sha256) {
        peerSha256 = sha256;
    }

    String peerSha256() {
        return peerSha256;
    }

    void framing(String kind) {
        framing = kind;
    }

    void body(byte[] received) {
        body = received;
    }

    void truncated(IOException cause) {
        truncated = true;
        note(cause);
    }

    void timedOut() {
        status = JsonNodeFactory.instance.stringNode("timeout");
    }

    void closed(IOException cause) {
        status = JsonNodeFactory.instance.stringNode("closed");
        note(cause);
    }

    void note(IOException cause) {
        trouble = cause.toString();
    }

    void took(long millis) {
        elapsedMillis = millis;
    }

    /** A number, or {@code "timeout"}, or {@code "closed"}. */
    JsonNode status() {
        return status;
    }

    String reason() {
        return reason;
    }

    List<HttpField> fields() {
        return fields;
    }

    byte[] body() {
        return body;
    }

    @Nullable
    String framing() {
        return framing;
    }

    boolean isTruncated() {
        return truncated;
    }

    long elapsedMillis() {
        return elapsedMillis;
    }

    List<Integer> interim() {
        return interim;
    }

    /** What went wrong on the connection, for the message of a failed case; empty when nothing did. */
    String trouble() {
        return trouble;
    }
}
