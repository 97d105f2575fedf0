package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Values that options may have; each message names the option and what it may be. */
final class Ranges {
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9_-]*");

    private Ranges() {}

    static void positive(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 1 or more)");
        }
    }

    static void between(String key, double value, double max) {
        if (!(value >= 0 && value <= max)) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 0 to " + max + ")");
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
        if (!ServerUrl.isUsable(url)) {
            throw new IllegalArgumentException(
                    key + ": not an absolute http or https URL without user name and fragment");
        }
    }

    /** Methods are case-sensitive (RFC 9110 section 9.1): a rule for "get" would never hold, and nobody would notice. */
    static void methods(String key, Collection<String> methods) {
        for (String method : methods) {
            if (!METHOD.matcher(method).matches()) {
                String upper = method.toUpperCase(Locale.ROOT);
                String expected = METHOD.matcher(upper).matches() ? upper : "a method such as GET";
                throw new IllegalArgumentException(key + ": \"" + method + "\" (expected: " + expected + ")");
            }
        }
    }

    static void oneOf(String key, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            throw new IllegalArgumentException(
                    key + ": \"" + value + "\" (expected: " + String.join(" or ", allowed) + ")");
        }
    }
}
