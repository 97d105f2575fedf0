package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policies.introspect.client.ServerTargets;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.ResponseOptions;
import dev.gatehouse.policies.introspect.signed.Authority;
import dev.gatehouse.policies.introspect.signed.SignedFormat;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the group {@code response} means: plain answers, or signed ones and by whom. Start-up thread. */
final class AnswerFormat {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final Set<String> FOR_SIGNED = Set.of("jwks", "issuer", "audience", "algs");

    private final IntrospectOptions config;
    private final ResponseOptions response;

    AnswerFormat(IntrospectOptions config) {
        this.config = config;
        response = config.response();
    }

    /** @throws dev.gatehouse.policy.ConfigProblem when options contradict each other */
    void check(StartCheck check, Node.@Nullable Mapping action) {
        if (response.format() == ResponseOptions.Format.JSON) {
            refuseWhatIsForSignedAnswers(check, action);
            return;
        }
        @Nullable URI jwks = response.jwks();
        if (jwks == null && config.issuer() == null) {
            refuse(check, "the keys that sign answers are not known", "set 'response.jwks', or 'issuer'.");
        } else if (jwks == null) {
            refuseAnotherIssuer(check);
        } else if (!ServerUrl.isUsable(jwks)) {
            check.refuse(
                    "response.jwks",
                    "'response.jwks' is not an absolute http or https URL without user name and fragment",
                    "write it like https://login.example.com/jwks.");
        } else if (!isSafe(new ServerUrl(jwks))) {
            check.refuse(
                    "response.jwks",
                    "'response.format: jwt' protects nothing when its keys travel unencrypted from '" + jwks.getHost()
                            + "'",
                    "use https.");
        }
        if (issuer() == null) {
            refuse(
                    check,
                    "the issuer of signed answers is not known",
                    "set 'response.issuer', or one issuer in 'claims.issuer'.");
        }
        if (audience() == null) {
            refuse(
                    check,
                    "the audience of signed answers is not known",
                    "set 'response.audience' to the client id of the gateway.");
        }
    }

    /** What signed answers have to be; null = answers are plain. Call after {@link #check}. */
    @Nullable
    SignedFormat signed(ServerTargets targets) {
        @Nullable URI jwks = response.jwks();
        @Nullable String issuer = issuer();
        @Nullable String audience = audience();
        if (response.format() == ResponseOptions.Format.JSON || issuer == null || audience == null) {
            return null;
        }
        @Nullable
        Authority authority =
                jwks == null ? null : new Authority(issuer, targets.of(jwks), new ServerUrl(jwks).requestTarget());
        return new SignedFormat(
                authority, audience, response.algs(), config.claims().clockSkew());
    }

    /** With discovery, the metadata names the issuer together with its keys. */
    private void refuseAnotherIssuer(StartCheck check) {
        if (response.issuer() != null && !response.issuer().equals(String.valueOf(config.issuer()))) {
            check.refuse(
                    "response.issuer",
                    "'response.issuer' is not the 'issuer' whose published keys sign answers",
                    "remove it, or set 'response.jwks'.");
        }
    }

    private void refuseWhatIsForSignedAnswers(StartCheck check, Node.@Nullable Mapping action) {
        if (action == null || !(action.get("response") instanceof Node.Mapping written)) {
            return;
        }
        for (Node.Entry entry : written.entries()) {
            if (FOR_SIGNED.contains(entry.key())) {
                String key = "response." + entry.key();
                check.refuse(
                        key,
                        "'" + key + "' is for signed answers, and 'response.format' is 'json'",
                        "set 'response.format: jwt', or remove it.");
            }
        }
    }

    private static void refuse(StartCheck check, String message, String hint) {
        check.refuse("response", "'response.format: jwt': " + message, hint);
    }

    private static boolean isSafe(ServerUrl keys) {
        return keys.isSecure() || LOOPBACK.contains(keys.host());
    }

    private @Nullable String issuer() {
        if (response.issuer() != null) {
            return response.issuer();
        }
        if (config.issuer() != null) {
            return config.issuer().toString();
        }
        List<String> issuers = config.claims().issuer();
        return issuers.size() == 1 ? issuers.get(0) : null;
    }

    private @Nullable String audience() {
        if (response.audience() != null) {
            return response.audience();
        }
        return config.clientAuth() == null ? null : config.clientAuth().clientId();
    }
}
