package dev.gatehouse.expression.value;

/** The value {@code undefined} of JavaScript, which is not {@code null}. */
public enum Undefined {
    INSTANCE;

    @Override
    public String toString() {
        return "undefined";
    }
}
