package dev.gatehouse.policies.introspect.start;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policies.introspect.client.AnswerFormat;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.ResponseOptions;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of {@link StartCheck} that is about signed answers: who signs them, and for whom. Start-up thread. */
final class AnswerCheck {
    private static final Set<String> FOR_SIGNED = Set.of("jwks", "issuer", "audience", "algs");

    private final IntrospectOptions config;
    private final ResponseOptions response;
    private final StartCheck check;

    AnswerCheck(IntrospectOptions config, StartCheck check) {
        this.config = config;
        this.check = check;
        response = config.response();
    }

    /** @throws dev.gatehouse.policy.ConfigProblem when options contradict each other */
    void run(Node.@Nullable Mapping action) {
        if (response.format() == ResponseOptions.Format.JSON) {
            refuseWhatIsForSignedAnswers(action);
            return;
        }
        @Nullable URI jwks = response.jwks();
        if (jwks == null && config.issuer() == null) {
            refuse("the keys that sign answers are not known", "set 'response.jwks', or 'issuer'.");
        } else if (jwks == null) {
            refuseAnotherIssuer();
        } else if (!ServerUrl.isUsable(jwks)) {
            check.refuse(
                    "response.jwks",
                    "'response.jwks' is not an absolute http or https URL without user name and fragment",
                    "write it like https://login.example.com/jwks.");
        } else if (!new ServerUrl(jwks).isConfidential()) {
            check.refuse(
                    "response.jwks",
                    "'response.format: jwt' protects nothing when its keys travel unencrypted from '" + jwks.getHost()
                            + "'",
                    "use https.");
        }
        AnswerFormat format = new AnswerFormat(config);
        if (format.issuer() == null) {
            refuse(
                    "the issuer of signed answers is not known",
                    "set 'response.issuer', or one issuer in 'claims.issuer'.");
        }
        if (format.audience() == null) {
            refuse(
                    "the audience of signed answers is not known",
                    "set 'response.audience' to the client id of the gateway.");
        }
    }

    /** With discovery, the metadata names the issuer together with its keys. */
    private void refuseAnotherIssuer() {
        if (response.issuer() != null && !response.issuer().equals(String.valueOf(config.issuer()))) {
            check.refuse(
                    "response.issuer",
                    "'response.issuer' is not the 'issuer' whose published keys sign answers",
                    "remove it, or set 'response.jwks'.");
        }
    }

    private void refuseWhatIsForSignedAnswers(Node.@Nullable Mapping action) {
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

    private void refuse(String message, String hint) {
        check.refuse("response", "'response.format: jwt': " + message, hint);
    }
}
