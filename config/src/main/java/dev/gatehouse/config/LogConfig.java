package dev.gatehouse.config;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Key;

/**
 * What the access log writes. In the file it is {@code log.access}: a level, or a mapping of these options.
 *
 * @param access which requests; AUTO = all on a terminal, refused and failed ones elsewhere
 * @param identity whether {@code sub} and {@code client_id} are written
 * @param query whether the query string is written, with secret values masked
 */
public record LogConfig(
        @Doc("Which requests have a line; 'auto' means all on a terminal, refused and failed ones elsewhere.")
        @Key("level")
        @Default("auto")
        Access access,

        @Doc("Whether 'sub' and 'client_id' are written.") @Default("false")
        boolean identity,

        @Doc("Whether the query string is written, with secret values masked.") @Default("false")
        boolean query) {
    /** Which requests have an access-log line. */
    public enum Access {
        AUTO,
        ALL,
        DENIED,
        ERRORS,
        OFF
    }
}
