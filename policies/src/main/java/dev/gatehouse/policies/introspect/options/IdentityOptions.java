package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.policies.auth.HeaderName;
import dev.gatehouse.policies.auth.claim.ClaimHeaders;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import io.micrometer.core.instrument.Counter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the service behind learns about the client. */
public record IdentityOptions(
        @Doc("Claims for eg-consumer-id; the first one present counts.") @Default("[id]") @OneOrMany
        List<String> consumerIdClaim,

        @Doc("Header name to claim, a dot leads into nested objects; a client's copy never gets through.")
        @Default("{}")
        Map<String, String> headers,

        @Doc("Header for the whole answer as base64url of its JSON; a client's copy never gets through.") @Nullable
        String answerHeader) {
    public IdentityOptions {
        consumerIdClaim = List.copyOf(consumerIdClaim);
        headers.keySet().forEach(name -> HeaderName.requireForClaims("headers", name));
        if (answerHeader != null) {
            HeaderName.requireForClaims("answerHeader", answerHeader);
        }
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * The headers that these options describe.
     *
     * @param dropped counts values that cannot be sent
     */
    public ClaimHeaders claimHeaders(Counter dropped) {
        return new ClaimHeaders(consumerIdClaim, headers, answerHeader, TokenFacts.SCOPE_CLAIMS, dropped);
    }
}
