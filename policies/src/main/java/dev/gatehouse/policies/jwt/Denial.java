package dev.gatehouse.policies.jwt;

import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.policies.auth.BearerToken;
import org.jspecify.annotations.Nullable;

/** Why a request is not let through as somebody. One table for challenge, log field and metric tag. */
enum Denial {
    NO_TOKEN(Refusal.NO_CREDENTIALS, "no_token", null),
    MALFORMED(Refusal.MALFORMED_CREDENTIALS, "malformed", "invalid_request"),
    ILL_FORMED(Refusal.TOKEN_INVALID, "ill_formed", "invalid_token"),
    ALGORITHM(Refusal.TOKEN_INVALID, "algorithm", "invalid_token"),
    SIGNATURE(Refusal.TOKEN_INVALID, "signature", "invalid_token"),
    EXPIRED(Refusal.TOKEN_INVALID, "expired", "invalid_token"),
    NOT_YET(Refusal.TOKEN_INVALID, "not_yet", "invalid_token"),
    ISSUER(Refusal.TOKEN_INVALID, "issuer", "invalid_token"),
    AUDIENCE(Refusal.TOKEN_INVALID, "audience", "invalid_token");

    final Refusal refusal;
    final String reason;
    final @Nullable String error;

    Denial(Refusal refusal, String reason, @Nullable String error) {
        this.refusal = refusal;
        this.reason = reason;
        this.error = error;
    }

    static Denial of(BearerToken.Flaw flaw) {
        return switch (flaw) {
            case MISSING -> NO_TOKEN;
            case MALFORMED -> MALFORMED;
            case ILL_FORMED -> ILL_FORMED;
        };
    }

    /** One sentence for the client; the same for everything that is wrong inside of a token. */
    String description() {
        return this == MALFORMED ? "The request must carry exactly one token in one place." : "The token is not valid.";
    }
}
