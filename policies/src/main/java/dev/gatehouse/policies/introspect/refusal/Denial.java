package dev.gatehouse.policies.introspect.refusal;

import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.report.Cause;
import org.jspecify.annotations.Nullable;

/** Why a request is not let through as somebody. One table for status, challenge, log field and metric tag. */
public enum Denial {
    NO_TOKEN(Refusal.NO_CREDENTIALS, "no_token", null, null),
    MALFORMED(Refusal.MALFORMED_CREDENTIALS, "malformed", "invalid_request", Text.MALFORMED),
    ILL_FORMED(Refusal.TOKEN_INVALID, "malformed", "invalid_token", Text.INVALID),
    INACTIVE(Refusal.TOKEN_INVALID, "inactive", "invalid_token", Text.INVALID),
    EXPIRED(Refusal.TOKEN_INVALID, "expired", "invalid_token", Text.INVALID),
    NOT_YET(Refusal.TOKEN_INVALID, "not_yet", "invalid_token", Text.INVALID),
    ISSUER(Refusal.TOKEN_INVALID, "issuer", "invalid_token", Text.INVALID),
    AUDIENCE(Refusal.TOKEN_INVALID, "audience", "invalid_token", Text.INVALID),
    TYPE(Refusal.TOKEN_INVALID, "type", "invalid_token", Text.INVALID),
    CLAIMS(Refusal.INSUFFICIENT_SCOPE, "claims", "insufficient_scope", Text.CLAIMS),
    MTLS(Refusal.TOKEN_INVALID, "mtls", "invalid_token", Text.INVALID),
    /** A token that is bound to a key came as if it were not, or the reverse. */
    DPOP(Refusal.TOKEN_INVALID, "dpop", "invalid_token", Text.INVALID),
    DPOP_PROOF(Refusal.TOKEN_INVALID, "dpop", "invalid_dpop_proof", Text.PROOF),
    DPOP_NONCE(Refusal.TOKEN_INVALID, "dpop", "use_dpop_nonce", Text.NONCE),
    STEP_UP(Refusal.STEP_UP, "stepup", "insufficient_user_authentication", Text.STEP_UP),
    SCOPE(Refusal.INSUFFICIENT_SCOPE, "scope", "insufficient_scope", Text.SCOPE),
    /** Nobody can tell whether the proof is good. */
    DPOP_UNCHECKED(Refusal.OVERLOADED, "dpop", null, null),
    SERVER_UNAVAILABLE(Refusal.INTROSPECTION_UNAVAILABLE, "server_unavailable", null, null),
    SERVER_TIMEOUT(Refusal.INTROSPECTION_TIMEOUT, "server_timeout", null, null),
    CLIENT_REJECTED(Refusal.INTROSPECTION_UNAVAILABLE, "client_rejected", null, null);

    /** The only sentences a client ever reads; they tell nothing about the token, the server or the gateway. */
    static final class Text {
        static final String MALFORMED = "The request must carry exactly one access token in one place.";
        static final String INVALID = "The access token is not valid.";
        static final String EXPIRED = "The access token has expired.";
        static final String CLAIMS = "The access token does not have the claims that this request needs.";
        static final String PROOF = "The DPoP proof is missing or not valid for this request.";
        static final String NONCE = "The DPoP proof must carry the nonce of this response.";
        static final String STEP_UP = "This request needs a stronger or more recent login.";
        static final String SCOPE = "The access token does not grant the scope that this request needs.";

        private Text() {}
    }

    public final Refusal refusal;
    public final String reason;
    final @Nullable String error;
    final @Nullable String description;

    Denial(Refusal refusal, String reason, @Nullable String error, @Nullable String description) {
        this.refusal = refusal;
        this.reason = reason;
        this.error = error;
        this.description = description;
    }

    public static Denial of(BearerToken.Flaw flaw) {
        return switch (flaw) {
            case MISSING -> NO_TOKEN;
            case MALFORMED -> MALFORMED;
            case ILL_FORMED -> ILL_FORMED;
        };
    }

    /** Whether the check that gives this comes after those of the token's binding; the constants have their order. */
    public boolean isAfterBinding() {
        return compareTo(DPOP_NONCE) > 0;
    }

    /** What a failed question means for the request that needed its answer. */
    public static Denial of(Cause cause) {
        if (cause.isTimeout()) {
            return SERVER_TIMEOUT;
        }
        return cause == Cause.CREDENTIALS ? CLIENT_REJECTED : SERVER_UNAVAILABLE;
    }

    /** Whether nothing is known about the token, as opposed to something bad. */
    public boolean isServerFault() {
        return refusal.source() == Refusal.Source.GATEWAY;
    }
}
