package dev.gatehouse.config.yaml;

import java.util.List;

/**
 * What is wrong with the text of a file, before anybody asks what it means.
 *
 * @param code stable code, E01xx or W01xx
 * @param span where
 * @param path dotted path of the option, or an empty text when there is none
 * @param message one sentence without a full stop; never holds a value that came from outside the file
 * @param hints each one sentence with a full stop
 */
public record Fault(String code, Span span, String path, String message, List<String> hints) {
    public Fault {
        hints = List.copyOf(hints);
    }

    /** Whether the gateway may start all the same. */
    public boolean warning() {
        return code.startsWith("W");
    }
}
