package dev.gatehouse.metrics;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import tools.jackson.core.util.ByteArrayBuilder;

/** Turns a record into one line. Writer thread only. */
interface AccessFormat {
    /** Appends the line, with its end, to {@code out}. */
    void append(AccessRecord record, ByteArrayBuilder out);

    static AccessFormat of(AccessOptions options, ZoneId zone) {
        return options.json()
                ? new AccessJson(options)
                : (record, out) -> {
                    byte[] line = AccessText.line(record, options, zone).getBytes(StandardCharsets.UTF_8);
                    out.write(line, 0, line.length);
                };
    }
}
