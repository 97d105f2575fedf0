package dev.gatehouse.config.yaml;

/**
 * A JavaScript regular expression, written with the tag {@code !!js/regexp}. Its syntax has not been checked.
 *
 * @param source the pattern, without slashes
 * @param flags some of {@code g}, {@code i}, {@code m}
 */
public record JsRegExp(String source, String flags) {
    /** As written in JavaScript. */
    @Override
    public String toString() {
        return "/" + source + "/" + flags;
    }
}
