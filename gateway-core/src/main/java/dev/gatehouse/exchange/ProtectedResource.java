package dev.gatehouse.exchange;

import java.util.List;

/**
 * An API with a name of its own, for which tokens are asked (RFC 9728). Immutable.
 *
 * @param audience what a token for it names in {@code aud}, one of these; never empty
 * @param metadata absolute URL of the document about it
 */
public record ProtectedResource(List<String> audience, String metadata) {
    public ProtectedResource {
        audience = List.copyOf(audience);
    }
}
