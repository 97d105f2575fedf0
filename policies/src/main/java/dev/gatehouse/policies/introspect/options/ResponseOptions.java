package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;

/** What an answer may look like. */
public record ResponseOptions(
        @Doc("Largest answer in bytes, counted after decompression.") @Default("1048576")
        int maxBytes) {
    public ResponseOptions {
        Ranges.positive("maxBytes", maxBytes);
    }
}
