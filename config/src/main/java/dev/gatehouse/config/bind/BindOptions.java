package dev.gatehouse.config.bind;

/**
 * How strictly keys are judged.
 *
 * @param lenient whether misspelt and misplaced keys are warnings instead of errors ({@code --compat lenient})
 */
public record BindOptions(boolean lenient) {
    /** The safe way: a misspelt or misplaced key is an error. */
    public static final BindOptions DEFAULT = new BindOptions(false);
}
