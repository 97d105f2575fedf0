package dev.gatehouse.policies.introspect.options;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Ranges of numbers in options; each message names the option and what it may be. */
final class Ranges {
    private Ranges() {}

    static void positive(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 1 or more)");
        }
    }

    static void between(String key, Duration value, Duration max) {
        if (value.isNegative() || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    key + ": " + value.toSeconds() + " (expected: 0 to " + max.toSeconds() + " seconds)");
        }
    }

    /** An absolute http or https URL that holds no credentials and no fragment. */
    static void endpoint(String key, URI url) {
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    key + ": not an absolute http or https URL without user name and fragment");
        }
    }

    static void oneOf(String key, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            throw new IllegalArgumentException(
                    key + ": \"" + value + "\" (expected: " + String.join(" or ", allowed) + ")");
        }
    }
}
