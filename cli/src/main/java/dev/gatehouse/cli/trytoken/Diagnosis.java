package dev.gatehouse.cli.trytoken;

import dev.gatehouse.client.HttpCall;
import dev.gatehouse.policies.introspect.trial.TokenText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a server may call a token inactive, most likely first. It never says why itself (RFC 7662 section 2.2). */
final class Diagnosis {
    private final Map<String, @Nullable Object> payload;
    private final HttpCall call;
    private final Printable printable;

    /** @param call that asked */
    Diagnosis(TokenText token, HttpCall call, Printable printable) {
        payload = token.payload();
        this.call = call;
        this.printable = printable;
    }

    /** @param issuers that the configuration accepts; empty = any */
    List<String> causes(List<String> issuers, Instant now) {
        List<String> causes = new ArrayList<>();
        addExpired(causes, now);
        addIssuerHost(causes);
        addClient(causes);
        String issuer = text("iss");
        causes.add(
                issuer != null && !issuers.isEmpty() && !issuers.contains(issuer)
                        ? "it comes from another environment: its issuer '" + issuer + "' is not in 'claims.issuer'"
                        : "it comes from another environment (test, production) than this server");
        causes.add("it was revoked, or the session that it belongs to has ended");
        return causes;
    }

    private void addExpired(List<String> causes, Instant now) {
        if (payload.get("exp") instanceof Number exp) {
            long end = Math.max(0, Math.min(exp.longValue(), now.getEpochSecond() + 1));
            Duration ago = Duration.ofSeconds(now.getEpochSecond() - end);
            if (!ago.isNegative()) {
                causes.add("it expired " + Words.of(ago) + " ago, as it says itself");
            }
        }
    }

    private void addIssuerHost(List<String> causes) {
        String issuer = text("iss");
        String host = issuer == null ? null : host(issuer);
        String asked = call.target().host();
        if (host != null && !host.equalsIgnoreCase(asked)) {
            causes.add("its issuer is at '" + host + "' and the question went to '" + asked
                    + "': some servers (Keycloak) know a token only under the name that it was made under");
        }
    }

    private void addClient(List<String> causes) {
        String client = Credential.of(call).client();
        String owner = text("azp") == null ? text("client_id") : text("azp");
        if (client != null && (owner == null || owner.equals(client))) {
            causes.add("the gateway asks as client '" + printable.text(client) + "'"
                    + (owner == null ? ", perhaps the one" : ", the one")
                    + " that the token was made for: some servers (Keycloak) want another client to ask");
        }
    }

    private @Nullable String text(String claim) {
        return payload.get(claim) instanceof String text ? printable.text(text) : null;
    }

    private static @Nullable String host(String issuer) {
        try {
            return new URI(issuer).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
