package dev.gatehouse.expression.value;

/** A text that is no expression, or uses what the engine does not offer. Told to the operator at start. */
public final class ExpressionSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;
    private final boolean unsupported;

    private ExpressionSyntaxException(String message, int line, int column, boolean unsupported) {
        super(message, null, false, false);
        this.line = line;
        this.column = column;
        this.unsupported = unsupported;
    }

    /** Text that is not JavaScript; {@code line} and {@code column} count from 1 within the expression. */
    public static ExpressionSyntaxException malformed(String message, int line, int column) {
        return new ExpressionSyntaxException(message, line, column, false);
    }

    /** JavaScript that the engine does not know. */
    public static ExpressionSyntaxException unsupported(String message, int line, int column) {
        return new ExpressionSyntaxException(message, line, column, true);
    }

    /** The sentence without a position, with a small letter and no full stop. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    public boolean isUnsupported() {
        return unsupported;
    }
}
