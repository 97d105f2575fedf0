package dev.gatehouse.policies.rewrite;

import org.jspecify.annotations.Nullable;

/**
 * What {@code pathmatch} or {@code regexpmatch} looks for in a request target. Immutable; safe on any thread.
 *
 * <p>Only the path is looked at, so that a query decides nothing, unless the pattern says {@code \?} itself.
 */
sealed interface TargetMatch permits ExpressMatch, RegexMatch {
    boolean matches(String target);

    /**
     * Compiles what takes the place of a match.
     *
     * @throws TemplateProblem when {@code template} cannot be used with this pattern
     */
    Rewriting rewriting(String template);

    /** Whether a pattern wants to see the query. */
    static boolean mentionsQuery(String pattern) {
        return pattern.contains("\\?");
    }

    /** A pattern together with its template. */
    @FunctionalInterface
    interface Rewriting {
        /** The new target, not checked yet, with the query of {@code target}; null when the pattern does not match. */
        @Nullable
        String result(String target);
    }
}
