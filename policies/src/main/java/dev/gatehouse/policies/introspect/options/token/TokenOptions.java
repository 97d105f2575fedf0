package dev.gatehouse.policies.introspect.options.token;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Shorthand;
import dev.gatehouse.policies.auth.TokenFormat;
import org.jspecify.annotations.Nullable;

/** What a token looks like and what becomes of it. */
public final class TokenOptions {
    private TokenOptions() {}

    /** Which failures let a request through as anonymous. */
    public enum PassThroughOn {
        REFUSED,
        MISSING,
        ALWAYS
    }

    /** How the service gets the token. */
    public enum ForwardToken {
        HEADER,
        NONE
    }

    /** Which characters a token may have. */
    public enum Characters {
        VISIBLE,
        B64TOKEN
    }

    /** Which texts can be a token. */
    public record Format(
            @Doc("Characters of a token: 'visible' or the stricter 'b64token' of RFC 6750.")
            @Default("visible")
            @Shorthand
            Characters characters,

            @Doc("Regular expression (RE2 syntax) for the whole token, in addition.") @Nullable
            String pattern) {
        /** A program of this size takes about a millisecond for a token of 1 KiB. */
        private static final int MAX_PROGRAM = 1000;

        public Format {
            if (pattern != null) {
                compile(pattern);
            }
        }

        /** What both options ask for; an expression alone stands for itself. */
        public TokenFormat compiled() {
            if (pattern == null) {
                return characters == Characters.B64TOKEN ? TokenFormat.B64TOKEN : TokenFormat.VISIBLE;
            }
            TokenFormat matching = TokenFormat.matching(compile(pattern));
            return characters == Characters.B64TOKEN ? TokenFormat.B64TOKEN.and(matching) : matching;
        }

        private static Pattern compile(String pattern) {
            Pattern compiled;
            try {
                compiled = Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "pattern: not a regular expression: " + e.getDescription() + " (expected: RE2 syntax)", e);
            }
            if (compiled.programSize() > MAX_PROGRAM) {
                throw new IllegalArgumentException("pattern: too large (expected: fewer or smaller repetitions)");
            }
            return compiled;
        }
    }
}
