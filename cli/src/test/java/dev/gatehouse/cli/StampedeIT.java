package dev.gatehouse.cli;

import static dev.gatehouse.cli.DrillFixture.MARK;
import static dev.gatehouse.cli.DrillFixture.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.cli.DrillFixture.Answer;
import dev.gatehouse.cli.DrillFixture.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many requests at once: with one new token, and with tokens that nobody issued. {@code -Dgatehouse.flood=20000
 * -Dgatehouse.flood.good=1000} is the long run; the figures are printed.
 */
@Timeout(300)
final class StampedeIT {
    private static final int REQUESTS = 500;
    private static final int FLOOD = Integer.getInteger("gatehouse.flood", 5_000);
    private static final int GOOD = Integer.getInteger("gatehouse.flood.good", 250);
    private static final int MOST_NEGATIVE = 1_000;

    @TempDir
    private Path directory;

    /** Runs {@code work} on many threads; each begins when all are ready. */
    private static void together(int threads, Work work) throws InterruptedException {
        Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
        CyclicBarrier ready = new CyclicBarrier(threads);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = new Thread(
                    () -> {
                        try {
                            work.run(number, ready);
                        } catch (Exception | AssertionError e) {
                            problems.add(e);
                        }
                    },
                    "client-" + i);
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(problems).isEmpty();
    }

    private interface Work {
        void run(int number, CyclicBarrier ready) throws Exception;
    }

    @Test
    void asksOnceForManyRequestsWithOneNewToken() throws Exception {
        try (TokenServer server = TokenServer.start(Duration.ofMillis(200));
                DrillFixture drill = DrillFixture.start(directory, server, "ttl: 60", "silly")) {
            Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
            together(REQUESTS, (number, ready) -> {
                try (Connection connection = drill.connect()) {
                    ready.await();
                    Answer answer = connection.get(good(1));
                    statuses.computeIfAbsent(answer.status(), key -> new AtomicInteger())
                            .incrementAndGet();
                }
            });

            DrillFixture.report(
                    "stampede",
                    String.format(
                            Locale.ROOT,
                            "%d requests with one new token, answered after 200 ms: %d call(s), statuses %s, joined %d",
                            REQUESTS,
                            server.calls.get(),
                            statuses,
                            drill.metric("gateway_introspection_joined_total")));
            assertThat(server.calls).hasValue(1);
            assertThat(statuses).containsOnlyKeys(200);
            assertThat(statuses.get(200)).hasValue(REQUESTS);
            assertThat(drill.everythingSaid()).noneMatch(text -> text.contains(MARK));
        }
    }

    @Test
    void keepsGoodTokensWhileRandomOnesRainDown() throws Exception {
        try (TokenServer server = TokenServer.start(Duration.ZERO);
                DrillFixture drill = DrillFixture.start(
                        directory,
                        server,
                        "ttl: 3600; cache: {negativeTtl: 60, negativeMaxEntries: " + MOST_NEGATIVE + "}",
                        "info")) {
            useGoodTokens(drill);
            long before = drill.liveHeap();
            AtomicInteger next = new AtomicInteger();
            AtomicInteger goodRequests = new AtomicInteger();
            int floods = 8;

            together(floods + 2, (number, ready) -> {
                try (Connection connection = drill.connect()) {
                    ready.await();
                    if (number < floods) {
                        flood(connection, next);
                    } else {
                        while (next.get() < FLOOD) {
                            useOne(connection, goodRequests.incrementAndGet() % GOOD);
                        }
                    }
                }
            });
            useGoodTokens(drill);

            long after = drill.liveHeap();
            await().until(() -> drill.metric("gateway_introspection_cache_entries", "negative") <= MOST_NEGATIVE);
            DrillFixture.report(
                    "token-flood",
                    String.format(
                            Locale.ROOT,
                            "%d random tokens beside %d requests with %d good ones: %d calls, %d of them for good tokens;"
                                    + " negative store %d of at most %d; live heap %.1f MiB before, %.1f MiB after",
                            FLOOD,
                            goodRequests.get(),
                            GOOD,
                            server.calls.get(),
                            goodCalls(server),
                            drill.metric("gateway_introspection_cache_entries", "negative"),
                            MOST_NEGATIVE,
                            before / 1048576.0,
                            after / 1048576.0));
            for (int i = 0; i < GOOD; i++) {
                assertThat(server.callsFor(good(i)))
                        .as("calls for good token %d", i)
                        .isEqualTo(1);
            }
            assertThat(server.calls.get()).isLessThanOrEqualTo(GOOD + FLOOD);
            assertThat(after - before).as("growth of the live heap").isLessThan(8L << 20);
            assertThat(drill.everythingSaid()).noneMatch(text -> text.contains(MARK));
        }
    }

    private static int goodCalls(TokenServer server) {
        int sum = 0;
        for (int i = 0; i < GOOD; i++) {
            sum += server.callsFor(good(i));
        }
        return sum;
    }

    private static void useGoodTokens(DrillFixture drill) throws IOException {
        try (Connection connection = drill.connect()) {
            for (int i = 0; i < GOOD; i++) {
                useOne(connection, i);
            }
        }
    }

    private static void useOne(Connection connection, int number) throws IOException {
        assertThat(connection.get(good(number)).status()).isEqualTo(200);
    }

    private static void flood(Connection connection, AtomicInteger next) throws IOException {
        for (int i = next.getAndIncrement(); i < FLOOD; i = next.getAndIncrement()) {
            assertThat(connection.get("bad-" + MARK + "-" + i).status()).isEqualTo(401);
        }
    }
}
