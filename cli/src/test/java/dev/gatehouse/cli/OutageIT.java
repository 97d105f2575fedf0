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
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The authorization server dies under load and comes back. {@code -Dgatehouse.outage=30} is the long run in seconds; the
 * figures are printed.
 */
@Timeout(300)
final class OutageIT {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("gatehouse.outage", 6));
    private static final int KNOWN = 100;
    private static final Duration RECOVERY = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private enum Phase {
        UP,
        DOWN,
        BACK
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UP);
    private final AtomicInteger knownAnswers = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger newTokens = new AtomicInteger();
    private final AtomicLong firstNewAnswer = new AtomicLong();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    @Test
    void keepsKnownTokensGoodAndFindsTheServerWhenItIsBack() throws Exception {
        try (TokenServer server = TokenServer.start(Duration.ofMillis(2));
                DrillFixture drill =
                        DrillFixture.start(directory, server, "ttl: 3; cache: {staleIfError: 120}", "info")) {
            ScheduledExecutorService clients = Executors.newScheduledThreadPool(3);
            try (Connection one = drill.connect();
                    Connection other = drill.connect();
                    Connection trickle = drill.connect()) {
                for (int i = 0; i < KNOWN; i++) {
                    assertThat(one.get(good(i)).status()).isEqualTo(200);
                }
                clients.scheduleAtFixedRate(() -> known(one), 0, 5, TimeUnit.MILLISECONDS);
                clients.scheduleAtFixedRate(() -> known(other), 2, 5, TimeUnit.MILLISECONDS);
                clients.scheduleAtFixedRate(() -> unknown(trickle), 0, 50, TimeUnit.MILLISECONDS);
                await().until(() -> knownAnswers.get() > 2 * KNOWN && newTokens.get() > 5);
                run(server, drill);
            } finally {
                clients.shutdownNow();
            }
        }
    }

    private void run(TokenServer server, DrillFixture drill) throws Exception {
        long callsBefore = failedCalls(drill);
        server.goAway();
        phase.set(Phase.DOWN);
        long died = System.nanoTime();
        await().until(() -> drill.metric("gateway_introspection_breaker_state") == 2);
        // What was under way at that moment comes to its end, repetition included.
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        long untilOpen = failedCalls(drill) - callsBefore;
        await().pollDelay(OUTAGE.minusNanos(System.nanoTime() - died))
                .atMost(OUTAGE.plusSeconds(10))
                .until(() -> true);
        long whileOpen = failedCalls(drill) - callsBefore - untilOpen;
        long stale = drill.metric("gateway_introspection_cache_lookups_total", "stale");
        long refused = drill.metric("gateway_introspection_refused_total", "breaker");

        phase.set(Phase.BACK);
        server.comeBack();
        long returned = System.nanoTime();
        await().until(() -> firstNewAnswer.get() != 0);
        long recoveryMillis = TimeUnit.NANOSECONDS.toMillis(firstNewAnswer.get() - returned);
        await().until(() -> drill.metric("gateway_introspection_breaker_state") == 0);

        DrillFixture.report(
                "outage",
                String.format(
                        Locale.ROOT,
                        "server away for %d s under load: %d answers to %d known tokens, all 200: %b; %d new tokens refused with"
                                + " 503; %d failed calls until the breaker opened, %d while it was open; %d stale answers, %d requests"
                                + " refused by the breaker; first new token accepted %d ms after the return",
                        OUTAGE.toSeconds(),
                        knownAnswers.get(),
                        KNOWN,
                        complaints.isEmpty(),
                        refusals.get(),
                        untilOpen,
                        whileOpen,
                        stale,
                        refused,
                        recoveryMillis));
        assertThat(complaints).isEmpty();
        assertThat(refusals.get()).isGreaterThan((int) OUTAGE.toSeconds());
        assertThat(stale).isGreaterThan(KNOWN);
        // Twenty calls open it, each with one repetition, and those that were under way at that moment.
        assertThat(untilOpen).isBetween(20L, 60L);
        // Up to three probes at once after 5, 15 and 35 seconds, each with one repetition.
        long looks = OUTAGE.toSeconds() < 15 ? 1 : OUTAGE.toSeconds() < 35 ? 2 : 3;
        assertThat(whileOpen).isLessThanOrEqualTo(6 * looks);
        assertThat(recoveryMillis).isLessThan(RECOVERY.toMillis());
        assertThat(drill.get("ops", "/ready")).isNotEmpty();
        assertThat(drill.everythingSaid()).noneMatch(text -> text.contains(MARK));
    }

    private static long failedCalls(DrillFixture drill) throws IOException, InterruptedException {
        return drill.metric("gateway_introspection_requests_total", "error");
    }

    private void known(Connection connection) {
        int number = Math.floorMod(knownAnswers.getAndIncrement(), KNOWN);
        try {
            Answer answer = connection.get(good(number));
            if (answer.status() != 200) {
                complaints.add("known token " + number + " in phase " + phase + ": " + answer.head());
            }
        } catch (IOException e) {
            complaints.add("known token " + number + ": " + e);
        }
    }

    private void unknown(Connection connection) {
        Phase before = phase.get();
        try {
            Answer answer = connection.get(good(KNOWN + newTokens.getAndIncrement()));
            if (before == Phase.DOWN && phase.get() == Phase.DOWN) {
                refusals.incrementAndGet();
                if (answer.status() != 503 || !answer.head().contains("retry-after: ")) {
                    complaints.add("new token while the server is down: " + answer.head());
                }
            } else if (before == Phase.BACK && answer.status() == 200) {
                firstNewAnswer.compareAndSet(0, System.nanoTime());
            }
        } catch (IOException e) {
            complaints.add("new token: " + e);
        }
    }
}
