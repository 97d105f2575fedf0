package dev.gatehouse.cli.demo;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The tokens that the demo's authorization server knows: four fixed ones, and those that it issued. Any thread. */
final class DemoTokens {
    static final String AUDIENCE = "https://api.demo.example/orders";

    private static final int MAX_ISSUED = 1000;
    private static final int LIFETIME_SECONDS = 3600;

    private record Grant(String subject, String client, String scope, String audience, Instant expires) {}

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();

    DemoTokens(InstantSource clock) {
        this.clock = clock;
        Instant later = clock.instant().plusSeconds(LIFETIME_SECONDS);
        Instant past = clock.instant().minusSeconds(LIFETIME_SECONDS);
        grants.put("demo-read", new Grant("alice", "web", "orders:read profile", AUDIENCE, later));
        grants.put("demo-write", new Grant("bob", "web", "orders:read orders:write", AUDIENCE, later));
        grants.put("demo-expired", new Grant("alice", "web", "orders:read", AUDIENCE, past));
        grants.put("demo-other-audience", new Grant("alice", "web", "orders:read", "https://other.example", later));
    }

    /** A new token, or null when too many were issued. */
    @Nullable
    String issue(String client, String scope) {
        if (grants.size() >= MAX_ISSUED) {
            return null;
        }
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        Instant expires = clock.instant().plusSeconds(LIFETIME_SECONDS);
        grants.put(token, new Grant(client, client, scope, AUDIENCE, expires));
        return token;
    }

    int lifetimeSeconds() {
        return LIFETIME_SECONDS;
    }

    void revoke(String token) {
        grants.remove(token);
    }

    /** Scopes that a client may ask for. */
    Set<String> scopes() {
        return Set.of("orders:read", "orders:write", "profile");
    }

    /** The answer of RFC 7662. */
    Map<String, Object> introspect(String token) {
        Grant grant = grants.get(token);
        Map<String, Object> answer = new LinkedHashMap<>();
        if (grant == null || !grant.expires().isAfter(clock.instant())) {
            answer.put("active", false);
            return answer;
        }
        answer.put("active", true);
        answer.put("sub", grant.subject());
        answer.put("client_id", grant.client());
        answer.put("scope", grant.scope());
        answer.put("aud", grant.audience());
        answer.put("exp", grant.expires().getEpochSecond());
        answer.put("token_type", "Bearer");
        return answer;
    }
}
