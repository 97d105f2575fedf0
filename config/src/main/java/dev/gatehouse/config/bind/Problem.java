package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One mistake in a configuration file.
 *
 * @param code stable code, E0101 or W0301 like
 * @param span where, or null when it concerns no single place
 * @param path dotted path of the value, for machines; may be empty
 * @param message one sentence without a full stop; names the thing in single quotes; never holds a secret
 * @param hints each at most one sentence, with a full stop
 */
public record Problem(
        String code, Severity severity, @Nullable Span span, String path, String message, List<String> hints) {
    public Problem {
        hints = List.copyOf(hints);
    }
}
