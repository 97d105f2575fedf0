package dev.gatehouse.expression;

import dev.gatehouse.expression.engine.Regex;
import dev.gatehouse.expression.value.ExpressionFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A regular expression in JavaScript syntax, bounded in time. Immutable; safe on any thread. */
public final class JsPattern {
    private final Regex regex;

    private JsPattern(Regex regex) {
        this.regex = regex;
    }

    /**
     * Compiles {@code source} with {@code flags} (such as {@code i}, or empty).
     *
     * @throws IllegalArgumentException with a sentence for the operator when it is not a valid pattern
     */
    public static JsPattern compile(String source, String flags) {
        return new JsPattern(Regex.compile(source, flags));
    }

    /**
     * Whether the pattern matches somewhere in {@code text}.
     *
     * @throws ExpressionFailure when the search takes longer than 50 ms
     */
    public boolean find(String text) {
        return regex.exec(text) != null;
    }

    /**
     * The first match and its groups, index 0 being the whole; an unmatched group is null. Null = no match.
     *
     * @throws ExpressionFailure when the search takes longer than 50 ms
     */
    public @Nullable List<@Nullable String> groups(String text) {
        return regex.exec(text);
    }
}
