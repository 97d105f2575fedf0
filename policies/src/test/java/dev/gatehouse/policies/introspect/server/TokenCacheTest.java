package dev.gatehouse.policies.introspect.server;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static dev.gatehouse.policies.introspect.server.ServerFixture.introspect;
import static dev.gatehouse.policies.introspect.server.ServerFixture.known;
import static dev.gatehouse.policies.introspect.server.ServerFixture.reuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.credentials.FixedCredentials;
import dev.gatehouse.policies.introspect.report.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCacheTest {
    private static final Reuse MINUTE = reuse(60, 5);

    private final ServerFixture fixture = new ServerFixture();

    @Nested
    class Lifetime {
        @Test
        void endsAfterTtl() {
            fixture.endpoint.token("t", "{\"active\":true}");
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "t", MINUTE);

            fixture.time.passes(Duration.ofMillis(59_999));
            introspect(server, "t", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(1);

            fixture.time.passes(Duration.ofMillis(1));
            introspect(server, "t", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void isNotExtendedByUse() {
            fixture.endpoint.token("t", "{\"active\":true}");
            AuthorizationServer server = fixture.open(MINUTE);

            for (int i = 0; i < 7; i++) {
                introspect(server, "t", MINUTE);
                fixture.time.passes(Duration.ofSeconds(10));
            }

            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void endsWithTheToken() {
            fixture.endpoint.token("t", "{\"active\":true,\"exp\":" + fixture.time.seconds(2) + "}");
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "t", MINUTE);

            fixture.time.passes(Duration.ofMillis(1_999));
            introspect(server, "t", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(1);

            fixture.time.passes(Duration.ofMillis(1));
            introspect(server, "t", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void neverStoresAnExpiredToken() {
            fixture.endpoint.token("t", "{\"active\":true,\"exp\":" + fixture.time.seconds(0) + "}");
            AuthorizationServer server = fixture.open(MINUTE);

            introspect(server, "t", MINUTE);
            introspect(server, "t", MINUTE);

            assertThat(fixture.endpoint.count()).isEqualTo(2);
            assertThat(server.state().entries()).isZero();
        }

        @Test
        void doesNotOutliveTtlWhenTheWallClockIsSetBack() {
            fixture.endpoint.token("t", "{\"active\":true,\"exp\":" + fixture.time.seconds(3600) + "}");
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "t", MINUTE);

            fixture.time.wallClockJumps(Duration.ofHours(-1));
            fixture.time.passes(Duration.ofSeconds(60));
            introspect(server, "t", MINUTE);

            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void endsWhenTheWallClockIsSetBeyondTheTokensEnd() {
            fixture.endpoint.token("t", "{\"active\":true,\"exp\":" + fixture.time.seconds(3600) + "}");
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "t", MINUTE);

            fixture.time.wallClockJumps(Duration.ofHours(1));
            introspect(server, "t", MINUTE);

            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void isThatOfThePolicyThatLooks() {
            Reuse shortReuse = reuse(1, 0);
            fixture.endpoint.token("t", "{\"active\":true}");
            AuthorizationServer server = fixture.open(shortReuse, MINUTE);
            introspect(server, "t", shortReuse);

            fixture.time.passes(Duration.ofSeconds(30));
            introspect(server, "t", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(1);

            introspect(server, "t", shortReuse);
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void hasNoEndOfItsOwnWhenUnlimited() {
            Reuse unlimited = new Reuse(Long.MAX_VALUE, 0, 1024);
            fixture.endpoint.token("t", "{\"active\":true}");
            AuthorizationServer server = fixture.open(unlimited);
            introspect(server, "t", unlimited);

            fixture.time.passes(Duration.ofDays(365));
            introspect(server, "t", unlimited);

            assertThat(fixture.endpoint.count()).isEqualTo(1);
        }

        @Test
        void isNothingWhenReuseIsOff() {
            Reuse never = reuse(0, 0);
            fixture.endpoint.token("t", "{\"active\":true}");
            AuthorizationServer server = fixture.open(never);

            introspect(server, "t", never);
            introspect(server, "t", never);
            introspect(server, "t", never);

            assertThat(fixture.endpoint.count()).isEqualTo(3);
            assertThat(server.state().entries()).isZero();
        }
    }

    @Nested
    class InactiveAnswers {
        @Test
        void areUsedAgainForAWhile() {
            AuthorizationServer server = fixture.open(MINUTE);

            for (int i = 0; i < 100; i++) {
                assertThat(introspect(server, "bad", MINUTE)).isCompletedWithValueMatching(Inactive.class::isInstance);
            }
            assertThat(fixture.endpoint.count()).isEqualTo(1);

            fixture.time.passes(Duration.ofSeconds(5));
            introspect(server, "bad", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void pushOutNoGoodToken() {
            AuthorizationServer server = fixture.cache(1000, 1 << 20, 50).open(MINUTE);
            fixture.endpoint.token("good", "{\"active\":true}");
            introspect(server, "good", MINUTE);

            for (int i = 0; i < 5_000; i++) {
                introspect(server, "random-" + i, MINUTE);
            }

            int calls = fixture.endpoint.count();
            introspect(server, "good", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(calls);
            await().untilAsserted(
                            () -> assertThat(server.state().inactiveEntries()).isLessThanOrEqualTo(50));
            assertThat(server.state().entries()).isEqualTo(1);
        }

        @Test
        void giveWayToAnActiveOne() {
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "t", MINUTE);
            fixture.endpoint.token("t", "{\"active\":true}");
            fixture.time.passes(Duration.ofSeconds(5));

            introspect(server, "t", MINUTE);

            assertThat(introspect(server, "t", MINUTE)).isCompletedWithValueMatching(Active.class::isInstance);
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }
    }

    @Test
    void staysWithinItsBytes() {
        AuthorizationServer server = fixture.cache(100_000, 1 << 20, 10).open(MINUTE);
        String answer = "{\"active\":true,\"x\":\"" + "x".repeat(50 * 1024) + "\"}";
        for (int i = 0; i < 200; i++) {
            fixture.endpoint.token("t" + i, answer);
            introspect(server, "t" + i, MINUTE);
        }

        await().untilAsserted(() -> assertThat(server.state().entries()).isLessThanOrEqualTo(10));
        await().untilAsserted(() -> assertThat(fixture.meters
                        .get("gateway.introspection.cache.bytes")
                        .gauge()
                        .value())
                .isBetween(1.0, (double) (1 << 20)));
        await().untilAsserted(() -> assertThat(
                        fixture.counted("gateway.introspection.cache.evictions", "store", "positive", "cause", "size"))
                .isGreaterThan(100));
    }

    @Test
    void staysWithinItsEntries() {
        AuthorizationServer server = fixture.cache(100, 1 << 20, 10).open(MINUTE);
        for (int i = 0; i < 500; i++) {
            fixture.endpoint.token("t" + i, "{\"active\":true}");
            introspect(server, "t" + i, MINUTE);
        }

        await().untilAsserted(() -> assertThat(server.state().entries()).isLessThanOrEqualTo(100));
    }

    @Test
    void usesButDoesNotKeepHugeAnswers() {
        AuthorizationServer server = fixture.cache(100, 64 << 20, 10).open(MINUTE);
        fixture.endpoint.token("t", "{\"active\":true,\"x\":\"" + "x".repeat(1 << 18) + "\"}");

        assertThat(introspect(server, "t", MINUTE)).isCompletedWithValueMatching(Active.class::isInstance);
        introspect(server, "t", MINUTE);

        assertThat(fixture.endpoint.count()).isEqualTo(2);
    }

    @Nested
    class OneCall {
        @Test
        void servesAllWhoWait() {
            fixture.endpoint.token("t", "{\"active\":true}").hold();
            AuthorizationServer server = fixture.open(MINUTE);
            List<CompletableFuture<Introspection>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(introspect(server, "t", MINUTE));
            }

            fixture.endpoint.letGo();

            assertThat(waiting)
                    .allSatisfy(answer -> assertThat(answer).isCompletedWithValueMatching(Active.class::isInstance));
            assertThat(fixture.endpoint.count()).isEqualTo(1);
            assertThat(fixture.counted("gateway.introspection.joined")).isEqualTo(99);
        }

        @Test
        void failsAllWhoWaitOnceAndIsForgotten() {
            fixture.endpoint
                    .token("t", failed(CallResult.Cause.TLS), json("{\"active\":true}"))
                    .hold();
            AuthorizationServer server = fixture.open(MINUTE);
            var first = introspect(server, "t", MINUTE);
            var second = introspect(server, "t", MINUTE);

            fixture.endpoint.letGo();

            assertThat(first).isCompletedWithValue(new Unavailable(Cause.TLS, 1));
            assertThat(second).isCompletedWithValue(new Unavailable(Cause.TLS, 1));
            assertThat(introspect(server, "t", MINUTE)).isCompletedWithValueMatching(Active.class::isInstance);
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void refusesTooManyWaiters() {
            Reuse two = new Reuse(TimeUnit.MINUTES.toNanos(1), 0, 2);
            fixture.endpoint.token("t", "{\"active\":true}").hold();
            AuthorizationServer server = fixture.open(two);
            var leader = introspect(server, "t", two);
            var joined = introspect(server, "t", two);

            var refused = introspect(server, "t", two);

            assertThat(refused).isCompletedWithValue(new Unavailable(Cause.WAITERS, 1));
            assertThat(leader).isNotDone();
            assertThat(joined).isNotDone();
            assertThat(fixture.counted("gateway.introspection.refused", "reason", "waiters"))
                    .isEqualTo(1);
        }

        /** Many threads, one new token per round, all outcomes: one call, nobody waits for ever, nothing wrong stored. */
        @ParameterizedTest
        @ValueSource(strings = {"active", "inactive", "failed"})
        void isMadePerTokenWhateverTheRace(String outcome) throws Exception {
            int threads = 8;
            int rounds = 300;
            AuthorizationServer server =
                    fixture.withoutBreaker().bulkhead(2, 1000).open(MINUTE);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            CyclicBarrier start = new CyclicBarrier(threads);
            CountDownLatch answered = new CountDownLatch(threads * rounds);
            CallResult result = outcome.equals("failed")
                    ? failed(CallResult.Cause.MALFORMED)
                    : json("{\"active\":" + outcome.equals("active") + "}");
            fixture.endpoint.always(result).hold();
            for (int thread = 0; thread < threads; thread++) {
                pool.execute(() -> {
                    for (int round = 0; round < rounds; round++) {
                        awaitBarrier(start);
                        var unused = introspect(server, "t" + round, MINUTE)
                                .whenComplete((answer, error) -> answered.countDown());
                        awaitBarrier(start);
                        fixture.endpoint.release();
                    }
                });
            }

            pool.shutdown();
            assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            fixture.endpoint.letGo();

            assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(fixture.endpoint.count()).isEqualTo(rounds);
            assertThat(server.state().inFlight()).isZero();
            assertThat(server.state().queued()).isZero();
            assertThat(server.state().entries()).isEqualTo(outcome.equals("active") ? rounds : 0);
        }

        private static void awaitBarrier(CyclicBarrier barrier) {
            try {
                barrier.await(60, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    class Purge {
        @Test
        void forgetsAToken() {
            fixture.endpoint.token("t", "{\"active\":true}").token("u", "{\"active\":true}");
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "t", MINUTE);
            introspect(server, "u", MINUTE);
            introspect(server, "bad", MINUTE);

            assertThat(server.purgeToken("t")).isEqualTo(1);
            assertThat(server.purgeToken("t")).isZero();
            assertThat(server.purgeToken("bad")).isEqualTo(1);

            introspect(server, "t", MINUTE);
            introspect(server, "u", MINUTE);
            introspect(server, "bad", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(5);
        }

        @Test
        void forgetsOnlyMatchingClaims() {
            fixture.endpoint
                    .token("a1", "{\"active\":true,\"sub\":\"alice\",\"client_id\":\"app\"}")
                    .token("a2", "{\"active\":true,\"sub\":\"alice\"}")
                    .token("b1", "{\"active\":true,\"sub\":\"bob\",\"client_id\":\"app\"}");
            AuthorizationServer server = fixture.open(MINUTE);
            List.of("a1", "a2", "b1").forEach(token -> introspect(server, token, MINUTE));

            assertThat(server.purgeClaim("sub", "alice")).isEqualTo(2);
            assertThat(server.purgeClaim("client_id", "app")).isEqualTo(1);

            assertThat(server.state().entries()).isZero();
            assertThat(fixture.counted("gateway.introspection.cache.purged")).isEqualTo(3);
        }

        @Test
        void forgetsEverything() {
            fixture.endpoint.token("t", "{\"active\":true}");
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "t", MINUTE);
            introspect(server, "bad", MINUTE);

            assertThat(server.purgeAll()).isEqualTo(2);
            introspect(server, "t", MINUTE);
            introspect(server, "bad", MINUTE);

            assertThat(fixture.endpoint.count()).isEqualTo(4);
        }

        @ParameterizedTest
        @ValueSource(strings = {"token", "claim", "all"})
        void refusesToStoreTheAnswerOfAnOlderCall(String kind) {
            fixture.endpoint.token("t", "{\"active\":true,\"sub\":\"alice\"}").hold();
            AuthorizationServer server = fixture.open(MINUTE);
            var before = introspect(server, "t", MINUTE);

            int removed = kind.equals("token")
                    ? server.purgeToken("t")
                    : kind.equals("claim") ? server.purgeClaim("sub", "alice") : server.purgeAll();
            fixture.endpoint.letGo();

            assertThat(removed).isZero();
            assertThat(before).isCompletedWithValueMatching(Active.class::isInstance);
            assertThat(server.state().entries()).isZero();
            introspect(server, "t", MINUTE);
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        /** A purge that races with the end of a call: afterwards either nothing is stored or the call was younger. */
        @Test
        void refusesToStoreWhateverTheRace() throws Exception {
            AuthorizationServer server = fixture.open(MINUTE);
            fixture.endpoint.always(json("{\"active\":true,\"sub\":\"alice\"}")).hold();
            ExecutorService pool = Executors.newFixedThreadPool(2);
            Random random = new Random(7);
            for (int round = 0; round < 500; round++) {
                String token = "t" + round;
                introspect(server, token, MINUTE);
                boolean one = random.nextBoolean();

                var purge = CompletableFuture.runAsync(
                        () -> {
                            if (one) {
                                server.purgeToken(token);
                            } else {
                                server.purgeClaim("sub", "alice");
                            }
                        },
                        pool);
                var land = CompletableFuture.runAsync(fixture.endpoint::release, pool);
                CompletableFuture.allOf(purge, land).get(10, TimeUnit.SECONDS);

                assertThat(known(server, token, MINUTE)).isNull();
            }
            pool.shutdown();
        }
    }

    @Test
    void keepsTokensOfDifferentIdentitiesApart() {
        AuthorizationServer one = fixture.open(FixedCredentials.verbatim(new Secret("Basic x")), MINUTE);
        AuthorizationServer other = fixture.open(FixedCredentials.verbatim(new Secret("Basic y")), MINUTE);

        assertThat(one.key("t", 0, 1)).isEqualTo(one.key("xt", 1, 2)).isNotEqualTo(other.key("t", 0, 1));
    }

    @Test
    void tellsSimilarTokensApart() {
        AuthorizationServer server = fixture.open(MINUTE);
        String prefix = "a".repeat(4000);
        List<String> tokens = List.of("AaAa", "BBBB", "AaBB", "aaaa", prefix + "x", prefix + "y", prefix);

        assertThat(tokens.stream().map(token -> server.key(token, 0, token.length())))
                .doesNotHaveDuplicates();
    }

    @Test
    void countsLooks() {
        fixture.endpoint.token("t", "{\"active\":true}");
        AuthorizationServer server = fixture.open(MINUTE);
        introspect(server, "t", MINUTE);
        introspect(server, "t", MINUTE);
        introspect(server, "bad", MINUTE);
        introspect(server, "bad", MINUTE);
        introspect(server, "t", reuse(0, 0));

        String name = "gateway.introspection.cache.lookups";
        assertThat(fixture.counted(name, "result", "miss")).isEqualTo(2);
        assertThat(fixture.counted(name, "result", "hit")).isEqualTo(1);
        assertThat(fixture.counted(name, "result", "negative")).isEqualTo(1);
        assertThat(fixture.counted(name, "result", "expired")).isEqualTo(1);
    }
}
