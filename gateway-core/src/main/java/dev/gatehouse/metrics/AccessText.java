package dev.gatehouse.metrics;

import dev.gatehouse.exchange.AuthTrail;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One line for people: time, status, method, path, endpoint, what decided, and the total at a fixed column. */
final class AccessText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final String GAP = "  ";
    private static final int LINE_END = 90;

    private AccessText() {}

    static String line(AccessRecord record, AccessOptions options, ZoneId zone) {
        StringBuilder line = new StringBuilder(128).append(options.indent());
        line.append(TIME.format(Instant.ofEpochMilli(record.endMillis).atZone(zone)));
        line.append(GAP).append(record.status);
        part(line, record.method);
        part(line, record.target == null ? null : LoggedTarget.of(record.target, options.query()));
        part(line, record.endpoint);
        appendAuth(line, record, options);
        if (record.upstreamNanos >= 0) {
            part(line, "upstream " + Millis.oneDecimal(record.upstreamNanos));
        }
        String total = Millis.oneDecimal(record.durationNanos);
        int blanks = options.indent().length() + LINE_END - line.length() - total.length();
        return line.append(" ".repeat(Math.max(GAP.length(), blanks)))
                .append(total)
                .append('\n')
                .toString();
    }

    private static void appendAuth(StringBuilder line, AccessRecord record, AccessOptions options) {
        boolean refused = record.auth == AuthTrail.Result.DENIED || record.auth == AuthTrail.Result.ERROR;
        String reason = refused && record.authReason != null ? record.authReason : record.error;
        part(line, reason == null ? null : reason.replace('_', ' '));
        if (options.identity()) {
            part(line, record.subject != null ? record.subject : record.clientId);
        }
        if (record.authSource != null) {
            part(line, source(record.authSource, record.introspectNanos));
        }
    }

    private static String source(AuthTrail.Source source, long nanos) {
        return switch (source) {
            case CACHE -> "cached";
            case INTROSPECTED -> "introspected " + Millis.oneDecimal(nanos);
            case JOINED -> "joined " + Millis.oneDecimal(nanos);
            case NEGATIVE -> "known as refused";
            case STALE -> "stale";
        };
    }

    private static void part(StringBuilder line, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return;
        }
        line.append(GAP);
        String shown = LoggedTarget.cut(text);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            // A control character could forge a line or drive the terminal.
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
    }
}
