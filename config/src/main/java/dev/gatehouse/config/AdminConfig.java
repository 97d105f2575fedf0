package dev.gatehouse.config;

import dev.gatehouse.config.bind.Alias;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;

/** The admin listener. */
public record AdminConfig(
        @Doc("Port of the admin listener; 0 means any free one.") @Default("9876")
        int port,

        @Doc("Address or name to bind.") @Default("localhost") @Alias(value = "hostname", deprecated = true)
        String host) {
    public AdminConfig {
        HttpConfig.checkPort(port);
    }
}
