package dev.gatehouse.metrics;

import dev.gatehouse.config.LogConfig.Access;

/**
 * How the access log writes.
 *
 * @param level which requests; never AUTO
 * @param json JSON lines instead of lines for people
 * @param identity whether subject and client are shown
 * @param query whether the query string is shown, secret values masked
 * @param indent text before each line for people
 */
public record AccessOptions(Access level, boolean json, boolean identity, boolean query, String indent) {
    public AccessOptions {
        if (level == Access.AUTO) {
            throw new IllegalArgumentException("level: AUTO is decided before the log is made");
        }
    }
}
