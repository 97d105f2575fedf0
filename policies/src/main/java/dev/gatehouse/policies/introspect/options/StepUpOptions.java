package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How well and how recently the user must have logged in (RFC 9470). */
public record StepUpOptions(
        @Doc("Accepted values of acr; empty = any.") @Default("[]") @OneOrMany
        List<String> acrValues,

        @Doc("Longest time since the user logged in (auth_time, plus claims.clockSkew); absent = any.")
        @Unit(ChronoUnit.SECONDS)
        @Nullable
        Duration maxAge,

        @Doc("Methods that need it; empty = all. HEAD needs what GET needs.") @Default("[]") @OneOrMany
        List<String> methods) {
    public StepUpOptions {
        acrValues = List.copyOf(acrValues);
        methods = List.copyOf(methods);
        if (acrValues.stream().anyMatch(value -> value.isEmpty() || value.indexOf(' ') >= 0)) {
            throw new IllegalArgumentException("acrValues: expected values without spaces");
        }
        if (maxAge != null && maxAge.toSeconds() < 1) {
            throw new IllegalArgumentException("maxAge: " + maxAge.toSeconds() + " (expected: 1 second or more)");
        }
        Ranges.methods("methods", methods);
    }

    /** Whether there is anything to check. */
    public boolean isEmpty() {
        return acrValues.isEmpty() && maxAge == null;
    }

    /** Whether requests with this method need it. */
    public boolean covers(String method) {
        return methods.isEmpty() || methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }
}
