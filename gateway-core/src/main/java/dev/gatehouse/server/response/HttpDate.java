package dev.gatehouse.server.response;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field of replies that the gateway makes, formatted at most once a second (RFC 9110 section 5.6.7). */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private record Second(long epochSecond, String text) {}

    // Written and read by all loops; a race only formats the same text twice.
    private static volatile Second latest = new Second(0, "");

    private HttpDate() {}

    static String now() {
        Instant now = Instant.now();
        Second known = latest;
        if (known.epochSecond() != now.getEpochSecond()) {
            known = new Second(now.getEpochSecond(), FORMAT.format(now));
            latest = known;
        }
        return known.text();
    }
}
