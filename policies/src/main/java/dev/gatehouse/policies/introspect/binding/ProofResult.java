package dev.gatehouse.policies.introspect.binding;

import dev.gatehouse.policies.introspect.refusal.Denial;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What became of the proof of one request: the first check that failed, in the order in which they are made. */
enum ProofResult {
    VALID,
    /** There is no proof. */
    MISSING,
    /** There are several, or it is none: too large, not a signed JWT, another type, something critical in it. */
    MALFORMED,
    /** Signed with something that is not accepted. */
    ALGORITHM,
    /** The key is private, weak, of an unknown kind, or not the one that the token is bound to. */
    KEY,
    /** Made for another method or URL. */
    REQUEST,
    /** Too old, or from the future. */
    AGE,
    /** Made for another token. */
    TOKEN,
    /** Without a recent nonce, although one is required. */
    NONCE,
    SIGNATURE,
    /** Used before. */
    REPLAYED,
    /** Nobody can tell whether it was used before. */
    FULL,
    /** Nobody had the time to verify it. */
    BUSY;

    /** Why the request is refused; null = it is not. */
    @Nullable
    Denial denial() {
        return switch (this) {
            case VALID -> null;
            case NONCE -> Denial.DPOP_NONCE;
            case FULL, BUSY -> Denial.DPOP_UNCHECKED;
            default -> Denial.DPOP_PROOF;
        };
    }

    /** Value of the metric tag {@code result}. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
