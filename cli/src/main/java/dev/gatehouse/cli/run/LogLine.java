package dev.gatehouse.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.util.ByteArrayBuilder;

/** The two forms of an application log line. Log writer thread only. */
final class LogLine {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final String EVENT = "event";

    private LogLine() {}

    /** One JSON object: time, level, event, msg, then what the event carries. */
    static void json(ILoggingEvent event, ByteArrayBuilder out) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("time", UTC.format(Instant.ofEpochMilli(event.getTimeStamp())));
        line.put("level", level(event));
        line.put(EVENT, name(event));
        line.put("msg", event.getFormattedMessage());
        for (KeyValuePair pair : pairs(event)) {
            line.putIfAbsent(pair.key, pair.value);
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.put("stack", ThrowableProxyUtil.asString(thrown));
        }
        Json.append(line, out);
        out.write('\n');
    }

    /** Time, level, component, message and what the event carries, for people. */
    static void human(ILoggingEvent event, ZoneId zone, ByteArrayBuilder out) {
        StringBuilder line = new StringBuilder(128);
        line.append(CLOCK.format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone)));
        line.append(String.format(Locale.ROOT, " %-5s %s  ", level(event), component(event)));
        escape(event.getFormattedMessage(), line);
        String gap = "   ";
        for (KeyValuePair pair : pairs(event)) {
            if (!pair.key.equals(EVENT)) {
                line.append(gap).append(pair.key).append('=');
                escape(String.valueOf(pair.value), line);
                gap = " ";
            }
        }
        line.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(ThrowableProxyUtil.asString(thrown));
        }
        byte[] bytes = line.toString().getBytes(UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    /** Bytes that a waiting event keeps alive, roughly. */
    static int weight(ILoggingEvent event) {
        int stack = event.getThrowableProxy() == null ? 0 : 8192;
        return 512 + stack + 2 * event.getFormattedMessage().length();
    }

    private static String level(ILoggingEvent event) {
        return event.getLevel().toString().toLowerCase(Locale.ROOT);
    }

    private static String name(ILoggingEvent event) {
        for (KeyValuePair pair : pairs(event)) {
            if (pair.key.equals(EVENT)) {
                return String.valueOf(pair.value);
            }
        }
        return component(event) + ".message";
    }

    private static List<KeyValuePair> pairs(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null ? List.of() : pairs;
    }

    /** The package of the logger: {@code introspect} for a class of {@code dev.gatehouse.policies.introspect}. */
    private static String component(ILoggingEvent event) {
        String[] names = event.getLoggerName().split("\\.", -1);
        return names.length < 2 ? event.getLoggerName() : names[names.length - 2];
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
    }
}
