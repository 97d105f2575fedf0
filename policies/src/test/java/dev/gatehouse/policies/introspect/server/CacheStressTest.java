package dev.gatehouse.policies.introspect.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Requests, refreshes, purges, expiry and outages at the same time, on real threads in a time of their own. What must
 * always hold is checked at each step; the seed is part of every complaint.
 *
 * <p>The server counts versions: each purge is announced by a new one before it begins, and calls bring the version of
 * the moment at which they began. So an answer that was asked for before a purge and is used after it shows.
 */
@Timeout(120)
class CacheStressTest {
    private static final int THREADS = 6;
    private static final int STEPS = 8_000;
    private static final int TOKENS = 12;
    private static final int SUBJECTS = 4;
    private static final Reuse MOST = new Reuse(
            TimeUnit.MILLISECONDS.toNanos(900),
            TimeUnit.MILLISECONDS.toNanos(50),
            TimeUnit.MILLISECONDS.toNanos(400),
            0.1,
            0.4,
            1024,
            true);
    private static final List<Reuse> REUSES =
            List.of(MOST, MOST, MOST.within(TimeUnit.MILLISECONDS.toNanos(200)), MOST.within(0));

    private final ServerFixture fixture = new ServerFixture();
    private final TimeFixture time = fixture.time;
    private final AtomicLong version = new AtomicLong();
    private final AtomicLongArray floor = new AtomicLongArray(TOKENS);
    private final AtomicLongArray purgesBegun = new AtomicLongArray(TOKENS);
    private final AtomicLongArray purgesDone = new AtomicLongArray(TOKENS);
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<Introspection>> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger hits = new AtomicInteger();
    private final Endpoint endpoint = new Endpoint();
    private long seed;
    private final AuthorizationServer server = fixture.withoutBreaker()
            .bulkhead(10_000, 0)
            .cache(8, 1 << 20, 4)
            .over(endpoint)
            .open(MOST);

    /** @param purgesBefore purges of the token that were over before its request began */
    private record Open(int token, long purgesBefore, long version, CompletableFuture<CallResult> result) {}

    private static final ThreadLocal<long[]> PURGES_BEFORE = new ThreadLocal<>();

    /** Answers later and in any order; complains about a second call for a token that nobody purged in between. */
    private final class Endpoint implements HttpCaller {
        private final Map<Integer, Open> open = new ConcurrentHashMap<>();
        private final Queue<Open> queue = new ConcurrentLinkedQueue<>();

        @Override
        public CompletionStage<CallResult> call(HttpCall call) {
            String form = new String(call.body(), US_ASCII);
            List<String> asked =
                    new QueryStringDecoder(form, false).parameters().getOrDefault("token", List.of());
            int token = Integer.parseInt(asked.get(0).substring(1));
            Open mine = new Open(token, PURGES_BEFORE.get()[token], version.get(), new CompletableFuture<>());
            open.compute(token, (key, other) -> {
                if (other == null) {
                    return mine;
                }
                // A purge beside either of the two may have ended the other one's right to be shared.
                if (Math.min(other.purgesBefore(), mine.purgesBefore()) == purgesBegun.get(token)) {
                    complain("a second call for t" + token);
                }
                return other.purgesBefore() > mine.purgesBefore() ? other : mine;
            });
            queue.add(mine);
            return mine.result();
        }

        private void answer(Random random) {
            Open next = queue.poll();
            if (next == null) {
                return;
            }
            open.remove(next.token(), next);
            int kind = random.nextInt(10);
            next.result()
                    .complete(
                            kind == 0
                                    ? EndpointFixture.json("{\"active\":false}")
                                    : kind < 3 ? EndpointFixture.failed(CallResult.Cause.RESET) : active(next, random));
        }

        private CallResult active(Open call, Random random) {
            double end = (time.millis() + 1 + random.nextInt(1_500)) / 1000.0;
            return EndpointFixture.json("{\"active\":true,\"v\":" + call.version() + ",\"sub\":\"s"
                    + call.token() % SUBJECTS + "\",\"exp\":" + end + "}");
        }
    }

    private void complain(String what) {
        complaints.add(what + "; seed " + seed);
    }

    @RepeatedTest(4)
    void holdsWhatItPromises(RepetitionInfo repetition) throws Exception {
        seed = System.nanoTime() + repetition.getCurrentRepetition();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> work(random), "stress-" + i);
            thread.setUncaughtExceptionHandler((dead, e) -> complain("a thread died of " + e));
            threads.add(thread);
        }

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        Random last = new Random(seed);
        while (!endpoint.queue.isEmpty()) {
            endpoint.answer(last);
        }

        assertThat(complaints).isEmpty();
        assertThat(asked)
                .as("seed %d", seed)
                .allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThat(server.state().inFlight()).isZero();
        assertThat(hits.get()).as("answers without a call").isGreaterThan(STEPS);
        assertThat(fixture.counted("gateway.introspection.refreshes")).isPositive();
        assertThat(fixture.counted("gateway.introspection.joined")).isPositive();
        assertThat(fixture.counted("gateway.introspection.cache.lookups", "result", "stale"))
                .isPositive();
        server.purgeAll();
        await().untilAsserted(() -> assertThat(server.state().entries()).isZero());
    }

    private void work(Random random) {
        for (int step = 0; step < STEPS; step++) {
            int kind = random.nextInt(100);
            if (kind < 70) {
                request(random);
            } else if (kind < 90) {
                endpoint.answer(random);
            } else if (kind < 97) {
                time.passes(Duration.ofMillis(random.nextInt(20)));
            } else if (kind == 97) {
                time.wallClockJumps(Duration.ofMillis(random.nextInt(300)));
            } else {
                purge(random);
            }
        }
    }

    private void request(Random random) {
        int number = random.nextInt(TOKENS);
        String token = "t" + number;
        Reuse reuse = REUSES.get(random.nextInt(REUSES.size()));
        PURGES_BEFORE.set(IntStream.range(0, TOKENS).mapToLong(purgesDone::get).toArray());
        long newest = floor.get(number);
        long clock = time.millis();
        long now = time.getAsLong();
        Introspection known = ServerFixture.known(server, token, reuse);
        if (known != null) {
            hits.incrementAndGet();
            check(number, newest, known);
            if (known instanceof Active active) {
                checkAge(number, active, clock, now - reuse.activeNanos());
            }
            return;
        }
        TokenKey key = server.key(token, 0, token.length());
        CompletableFuture<Introspection> answer = server.ask(key, token, reuse, ServerFixture.BOUNDS)
                .answer()
                .thenApply(found -> settle(number, newest, key, reuse, found));
        asked.add(answer);
    }

    /** What a policy does with an answer; {@code newest} was known before the request began. */
    private Introspection settle(int number, long newest, TokenKey key, Reuse reuse, Introspection found) {
        long clock = time.millis();
        long now = time.getAsLong();
        Introspection usable = server.orStale(key, reuse, found);
        check(number, newest, usable);
        if (found instanceof Unavailable && usable instanceof Active active) {
            checkAge(number, active, clock, now - reuse.longestNanos());
        }
        return usable;
    }

    private void check(int number, long newest, Introspection answer) {
        if (answer instanceof Active active) {
            long asked = active.identity().claims().get("v") instanceof Number v ? v.longValue() : -1;
            if (asked < newest) {
                complain("t" + number + " was asked at " + asked + " and used after the purge of " + newest);
            }
        }
    }

    private void checkAge(int number, Active active, long clock, long oldest) {
        if (active.facts().expiresAt() <= clock) {
            complain("t" + number + " was used " + (clock - active.facts().expiresAt()) + " ms past its end");
        }
        if (active.receivedNanos() - oldest <= 0) {
            complain("t" + number + " was used beyond its ttl");
        }
    }

    private void purge(Random random) {
        int number = random.nextInt(TOKENS);
        boolean one = random.nextBoolean();
        int[] gone = IntStream.range(0, TOKENS)
                .filter(token -> one ? token == number : token % SUBJECTS == number % SUBJECTS)
                .toArray();
        long announced = version.incrementAndGet();
        // A purge by claim ends every call that could bring it: any token may be asked again.
        for (int token = 0; token < TOKENS; token++) {
            if (!one || token == number) {
                purgesBegun.incrementAndGet(token);
            }
        }
        int removed = one ? server.purgeToken("t" + number) : server.purgeClaim("sub", "s" + number % SUBJECTS);
        assertThat(removed).isBetween(0, TOKENS);
        for (int token = 0; token < TOKENS; token++) {
            if (!one || token == number) {
                purgesDone.incrementAndGet(token);
            }
        }
        for (int token : gone) {
            floor.accumulateAndGet(token, announced, Math::max);
        }
    }
}
