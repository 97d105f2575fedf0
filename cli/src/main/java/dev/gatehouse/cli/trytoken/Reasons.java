package dev.gatehouse.cli.trytoken;

import dev.gatehouse.policies.introspect.trial.TrialAnswer.Decision;
import org.jspecify.annotations.Nullable;

/** Says why a request would pass or not. */
final class Reasons {
    private Reasons() {}

    /** {@code needs orders:write: would answer 403 insufficient_scope}. */
    static String sentence(Decision decision) {
        String reason = decision.reason();
        if (reason == null) {
            return needs(decision);
        }
        String why = reason.equals("scope") ? needs(decision) : why(reason);
        if (decision.anonymous()) {
            return why + ": would pass without an owner (passThrough)";
        }
        return why + ": would answer " + decision.status() + (decision.error() == null ? "" : " " + decision.error());
    }

    private static String needs(Decision decision) {
        String all = String.join(" ", decision.needsAll());
        String one = String.join(" or ", decision.needsOneOf());
        if (all.isEmpty() && one.isEmpty()) {
            return "needs no scope";
        }
        return "needs " + all + (all.isEmpty() || one.isEmpty() ? "" : " and ") + one;
    }

    private static String why(@Nullable String reason) {
        return switch (String.valueOf(reason)) {
            case "malformed" -> "no token looks like this";
            case "inactive" -> "the server does not call the token active";
            case "expired" -> "the token has expired, is too old, or has no end";
            case "not_yet" -> "the token is not valid yet";
            case "issuer" -> "its issuer is not accepted";
            case "audience" -> "its audience is not accepted";
            case "type" -> "its type is not accepted";
            case "claims" -> "a required claim is missing";
            case "mtls" -> "it is bound to no known client certificate";
            case "dpop" -> "it is bound to no DPoP key";
            case "stepup" -> "needs a stronger or more recent login";
            case "server_unavailable", "server_timeout", "client_rejected" -> "nothing is known about the token";
            default -> String.valueOf(reason);
        };
    }
}
