package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.policies.introspect.discovery.Discovery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one authorization server is asked. All endpoints know the same tokens. Immutable.
 *
 * @param requests one for each endpoint, alike in everything but the endpoint; with {@code discovery} a single one,
 *     whose endpoint stands for what is not known yet
 * @param strategy which endpoint comes first
 * @param discovery tells the endpoint; null = it is in the request
 * @param provider name of the block that the set belongs to; null = the policy has only this one
 */
public record EndpointSet(
        List<IntrospectionRequest> requests,
        Strategy strategy,
        @Nullable Discovery discovery,
        @Nullable String provider) {
    /** Which endpoint a question goes to first. */
    public enum Strategy {
        /** The first in the list that takes calls. */
        FAILOVER,
        /** Each in turn. */
        ROUND_ROBIN
    }

    public EndpointSet {
        requests = List.copyOf(requests);
        if (requests.isEmpty() || (discovery != null && requests.size() > 1)) {
            throw new IllegalArgumentException("requests: " + requests.size() + " (expected: one for each endpoint)");
        }
    }

    /** One endpoint that is known. */
    public static EndpointSet of(IntrospectionRequest request) {
        return new EndpointSet(List.of(request), Strategy.FAILOVER, null, null);
    }

    /** How logs and metrics call the server, unless another one has that name. */
    public String name() {
        return requests.get(0).target().authority();
    }

    /**
     * SHA-256 over everything that makes two answers for one token differ; see {@link IntrospectionRequest#identity()}.
     * The strategy and the order of the endpoints are part of it, because policies with equal digests share breakers.
     */
    byte[] identity() {
        byte[] first = requests.get(0).identity();
        if (requests.size() == 1 && discovery == null && provider == null) {
            return first;
        }
        MessageDigest digest = IntrospectionRequest.sha256();
        add(digest, strategy.name());
        add(digest, discovery == null ? null : discovery.issuer());
        add(digest, provider);
        requests.forEach(request -> digest.update(request.identity()));
        return digest.digest();
    }

    private static void add(MessageDigest digest, @Nullable String part) {
        byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(part == null ? -1 : bytes.length)
                .flip());
        digest.update(bytes);
    }
}
