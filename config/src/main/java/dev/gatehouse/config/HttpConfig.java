package dev.gatehouse.config;

import dev.gatehouse.config.bind.Alias;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import org.jspecify.annotations.Nullable;

/** A cleartext listener. */
public record HttpConfig(
        @Doc("Port; 0 means any free one.") @Default("0") int port,

        @Doc("Address or name to bind; absent = all addresses.") @Alias("host") @Nullable
        String hostname) {
    public HttpConfig {
        checkPort(port);
    }

    static void checkPort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }
}
