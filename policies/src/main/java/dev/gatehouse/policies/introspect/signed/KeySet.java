package dev.gatehouse.policies.introspect.signed;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import dev.gatehouse.policies.introspect.report.ServerLog;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an authorization server signs with, kept from one answer to the next.
 *
 * <p>They are fetched when the first answer needs one, again for a key that is not known, at most once in 30 seconds
 * whatever the answers name, and in the background when they are an hour old. There is one fetch at a time. Whatever
 * goes wrong, the last good set stays. Safe on any thread; never blocks.
 */
final class KeySet {
    static final Duration PAUSE = Duration.ofSeconds(30);
    static final Duration REFRESH = Duration.ofHours(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_KEYS = 100;

    /** An answer without a key id is tried with so many keys at most. */
    private static final int MAX_TRIED = 8;

    private final HttpCaller http;
    private final LongSupplier ticker;
    private final ServerLog log;

    /** The fetch under way; null = none. Whoever sets it from null makes the fetch, and nobody else. */
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> fetch = new AtomicReference<>();

    /** Both are written by the one fetch under way only. */
    private volatile @Nullable Held held;

    private volatile long notBefore;

    private record Held(Authority authority, List<SigningKey> keys, long fetchedNanos) {}

    KeySet(HttpCaller http, LongSupplier ticker, ServerLog log) {
        this.http = http;
        this.ticker = ticker;
        this.log = log;
        notBefore = ticker.getAsLong();
    }

    /**
     * The keys that can have made a signature; none when there are none, or not in time.
     *
     * @param id {@code kid} of the answer; null = it names none
     */
    CompletableFuture<List<SigningKey>> find(
            Authority authority, @Nullable String id, String algorithm, Duration deadline) {
        List<SigningKey> known = known(authority, id, algorithm);
        if (known.isEmpty()) {
            return fetch(authority)
                    .thenApply(fetched -> known(authority, id, algorithm))
                    .completeOnTimeout(List.of(), Math.max(0, deadline.toNanos()), TimeUnit.NANOSECONDS);
        }
        @Nullable Held current = held;
        if (current != null && ticker.getAsLong() - current.fetchedNanos() >= REFRESH.toNanos()) {
            fetch(authority);
        }
        return CompletableFuture.completedFuture(known);
    }

    private List<SigningKey> known(Authority authority, @Nullable String id, String algorithm) {
        @Nullable Held current = held;
        if (current == null || !current.authority().equals(authority)) {
            return List.of();
        }
        return current.keys().stream()
                .filter(key ->
                        (id == null || id.equals(key.id())) && key.algorithms().contains(algorithm))
                .limit(MAX_TRIED)
                .toList();
    }

    private CompletableFuture<Boolean> fetch(Authority authority) {
        @Nullable CompletableFuture<Boolean> underWay = fetch.get();
        if (underWay != null) {
            return underWay;
        }
        if (ticker.getAsLong() - notBefore < 0) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        @Nullable CompletableFuture<Boolean> other = fetch.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        try {
            http.call(call(authority)).whenComplete((result, failure) -> received(authority, result, failure));
        } catch (RuntimeException e) {
            received(authority, null, e);
        }
        return mine;
    }

    private static HttpCall call(Authority authority) {
        HttpHeaders headers =
                new DefaultHttpHeaders().set(HttpHeaderNames.ACCEPT, "application/jwk-set+json, application/json");
        return new HttpCall(
                authority.target(),
                HttpMethod.GET,
                authority.requestTarget(),
                headers,
                new byte[0],
                MAX_BYTES,
                CONNECT_TIMEOUT,
                TIMEOUT,
                TIMEOUT);
    }

    private void received(Authority authority, @Nullable CallResult result, @Nullable Throwable failure) {
        List<SigningKey> keys = List.of();
        if (result == null || failure != null) {
            log.failed(failure);
        } else if (result instanceof CallResult.Answer answer && answer.status() == 200) {
            keys = keys(answer.body());
            if (keys.isEmpty()) {
                log.keysUnavailable("unusable");
            }
        } else {
            log.keysUnavailable(
                    result instanceof CallResult.Failed failed ? failed.cause().tag() : "status");
        }
        long now = ticker.getAsLong();
        if (!keys.isEmpty()) {
            held = new Held(authority, keys, now);
        }
        notBefore = now + (held == null ? FIRST_PAUSE : PAUSE).toNanos();
        @Nullable CompletableFuture<Boolean> mine = fetch.getAndSet(null);
        if (mine != null) {
            mine.complete(!keys.isEmpty());
        }
    }

    /** The usable keys of a set; none when it is not exactly a set (RFC 7517 section 5). */
    private static List<SigningKey> keys(byte[] body) {
        @Nullable Map<String, @Nullable Object> members = ClaimTree.read(body);
        if (members == null || !(members.get("keys") instanceof List<?> list) || list.size() > MAX_KEYS) {
            return List.of();
        }
        List<SigningKey> keys = new ArrayList<>();
        for (Object item : list) {
            @Nullable SigningKey key = item instanceof Map<?, ?> jwk ? SigningKey.of(jwk) : null;
            if (key != null) {
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }
}
