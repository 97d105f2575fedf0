package dev.gatehouse.expression.engine;

/** Time, memory or work ran out. An Error, because scripts can catch exceptions but not errors. */
final class ScriptLimit extends Error {
    private static final long serialVersionUID = 1L;

    ScriptLimit(String message) {
        super(message, null, false, false);
    }
}
