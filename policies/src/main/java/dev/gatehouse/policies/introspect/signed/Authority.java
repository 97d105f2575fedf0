package dev.gatehouse.policies.introspect.signed;

import dev.gatehouse.client.Target;
import dev.gatehouse.policies.introspect.discovery.Discovery;
import dev.gatehouse.policies.introspect.discovery.ServerMetadata;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server as the signer of answers. Immutable.
 *
 * @param issuer exactly as its answers have to name it
 * @param target where its keys are
 * @param requestTarget path and query of its key set (RFC 7517 section 5)
 */
public record Authority(String issuer, Target target, String requestTarget) {
    /**
     * Who signs at this moment; null = nobody knows yet, or the server publishes no keys.
     *
     * @param discovery null when {@code format} names the authority
     */
    public static @Nullable Authority of(SignedFormat format, @Nullable Discovery discovery) {
        @Nullable Authority configured = format.authority();
        if (configured != null || discovery == null) {
            return configured;
        }
        @Nullable ServerMetadata metadata = discovery.current();
        @Nullable ServerUrl keys = metadata == null ? null : metadata.jwksUri();
        return metadata == null || keys == null
                ? null
                : new Authority(metadata.issuer(), keys.like(discovery.target()), keys.requestTarget());
    }
}
