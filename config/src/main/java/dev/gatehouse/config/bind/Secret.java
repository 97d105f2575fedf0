package dev.gatehouse.config.bind;

/** A text that must not be shown: it prints as {@code ***}. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
