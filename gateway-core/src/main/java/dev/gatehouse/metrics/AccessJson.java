package dev.gatehouse.metrics;

import dev.gatehouse.exchange.AuthTrail;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.ByteArrayBuilder;

/** One JSON object per request. The order of its members is part of the public contract. */
final class AccessJson implements AccessFormat {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    // Escaping everything beyond ASCII also covers the C1 control characters, which some terminals obey.
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final AccessOptions options;

    AccessJson(AccessOptions options) {
        this.options = options;
    }

    @Override
    public void append(AccessRecord record, ByteArrayBuilder out) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("time", TIME.format(Instant.ofEpochMilli(record.endMillis)));
            json.writeStringProperty("event", "access");
            writeRequest(json, record);
            writeTimes(json, record);
            writeRoute(json, record);
            writeAuth(json, record);
            writeOutcome(json, record);
            json.writeEndObject();
        }
        out.write('\n');
    }

    private void writeRequest(JsonGenerator json, AccessRecord record) {
        text(json, "request_id", record.requestId);
        text(json, "trace_id", record.traceId);
        text(json, "span_id", record.spanId);
        text(json, "method", record.method);
        text(json, "scheme", record.scheme);
        text(json, "host", record.host);
        text(json, "path", record.target == null ? null : LoggedTarget.of(record.target, options.query()));
        text(json, "protocol", record.protocol);
        json.writeNumberProperty("status", record.status);
        number(json, "bytes_in", record.bytesIn);
        number(json, "bytes_out", record.bytesOut);
    }

    private static void writeTimes(JsonGenerator json, AccessRecord record) {
        millis(json, "duration_ms", record.durationNanos);
        millis(json, "gateway_ms", record.gatewayNanos);
        millis(json, "introspect_ms", record.introspectNanos);
        millis(json, "upstream_ms", record.upstreamNanos);
        millis(json, "first_byte_ms", record.firstByteNanos);
    }

    private static void writeRoute(JsonGenerator json, AccessRecord record) {
        text(json, "endpoint", record.endpoint);
        text(json, "pipeline", record.pipeline);
        text(json, "client_ip", record.client == null ? null : record.client.getHostAddress());
        text(json, "user_agent", record.userAgent);
    }

    private void writeAuth(JsonGenerator json, AccessRecord record) {
        json.writeStringProperty("auth", record.auth.name().toLowerCase(Locale.ROOT));
        text(json, "auth_reason", record.authReason);
        AuthTrail.Source source = record.authSource;
        text(json, "auth_source", source == null ? null : source.name().toLowerCase(Locale.ROOT));
        if (options.identity()) {
            text(json, "sub", record.subject);
            text(json, "client_id", record.clientId);
        }
        text(json, "token_fp", record.tokenFingerprint);
    }

    private static void writeOutcome(JsonGenerator json, AccessRecord record) {
        text(json, "upstream", record.upstream);
        number(json, "upstream_status", record.upstreamStatus);
        number(json, "upstream_attempts", record.upstreamAttempts);
        text(json, "decided_by", record.decidedBy);
        text(json, "error", record.error);
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, LoggedTarget.cut(value));
        }
    }

    private static void number(JsonGenerator json, String name, long value) {
        if (value >= 0) {
            json.writeNumberProperty(name, value);
        }
    }

    private static void millis(JsonGenerator json, String name, long nanos) {
        if (nanos >= 0) {
            json.writeName(name);
            json.writeNumber(Millis.threeDecimals(nanos));
        }
    }
}
