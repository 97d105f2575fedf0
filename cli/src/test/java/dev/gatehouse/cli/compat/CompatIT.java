package dev.gatehouse.cli.compat;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gatehouse.cli.run.ApplicationLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * What Express Gateway 1.16.11 did, case by case. Each case is played once and judged twice: the behaviour has to be
 * Express Gateway's or the preferred one, and then the preferred one where there is one. Exceptions stand in lists.
 *
 * <p>{@code -Dgatehouse.compat.command='eg --config {config}'} plays the cases against another gateway, and
 * {@code -Dgatehouse.compat.mode=EXPRESS_GATEWAY} holds it to the recording; so the runner itself is checked.
 */
final class CompatIT {
    private static final Mode MODE = Mode.valueOf(System.getProperty("gatehouse.compat.mode", "EITHER"));
    private static final String COMMAND = System.getProperty("gatehouse.compat.command", "");
    private static final int GATEWAYS_AT_ONCE = 4;
    private static final long MINUTES_FOR_ALL = 20;

    private static final ExecutorService STUB_THREADS = Executors.newCachedThreadPool(CompatIT::daemon);
    private static final ExecutorService GROUP_THREADS =
            Executors.newFixedThreadPool(GATEWAYS_AT_ONCE, CompatIT::daemon);
    private static final Map<String, Future<List<CaseRun>>> RUNS = new LinkedHashMap<>();

    private static final ByteArrayOutputStream LOGGED = new ByteArrayOutputStream();
    private static final ApplicationLog LOG =
            ApplicationLog.open(false, Level.DEBUG, ZoneId.systemDefault(), LOGGED::writeBytes);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before all tests.
    private static Path directory;

    @BeforeAll
    static void playAllCases() throws IOException {
        Map<String, List<CompatCase>> groups = CompatCase.all().stream()
                .collect(Collectors.groupingBy(CompatCase::gatewayKey, LinkedHashMap::new, Collectors.toList()));
        for (List<CompatCase> cases : groups.values()) {
            Path own = Files.createDirectory(directory.resolve(cases.get(0).id()));
            Future<List<CaseRun>> run =
                    GROUP_THREADS.submit(new CompatGroup(cases, CompatIT::gateway, STUB_THREADS, own));
            cases.forEach(subject -> RUNS.put(subject.id(), run));
        }
    }

    @AfterAll
    static void stopThreads() {
        GROUP_THREADS.shutdownNow();
        STUB_THREADS.shutdownNow();
        LOG.close();
    }

    @TestFactory
    Stream<DynamicTest> behavesLikeExpressGatewayOrBetter() throws IOException {
        return CompatCase.all().stream().map(subject -> judgement(subject, MODE));
    }

    @TestFactory
    Stream<DynamicTest> behavesBetterWhereThatIsPreferred() throws IOException {
        return CompatCase.all().stream()
                .filter(subject -> MODE == Mode.EITHER)
                .map(subject -> judgement(subject, Mode.PREFERRED));
    }

    @Test
    void listsOnlyKnownCasesWithAReason() {
        for (CaseReasons list : List.of(CaseReasons.NOT_YET, CaseReasons.NOT_PREFERRED)) {
            assertThat(RUNS.keySet()).containsAll(list.reasons().keySet());
            assertThat(list.reasons().values()).noneMatch(String::isBlank);
        }
    }

    private static DynamicTest judgement(CompatCase subject, Mode mode) {
        boolean excepted = CaseReasons.NOT_YET.contains(subject)
                || (mode == Mode.PREFERRED && CaseReasons.NOT_PREFERRED.contains(subject));
        boolean expectedToPass = mode == Mode.EXPRESS_GATEWAY || !excepted;
        return dynamicTest(subject.id(), () -> {
            List<String> differences = run(subject).differences(mode);
            if (expectedToPass) {
                assertThat(differences).as(subject.title()).isEmpty();
            } else {
                assertThat(differences).as("listed as an exception, but passes").isNotEmpty();
            }
        });
    }

    private static CaseRun run(CompatCase subject) throws InterruptedException, ExecutionException, TimeoutException {
        return requireNonNull(RUNS.get(subject.id())).get(MINUTES_FOR_ALL, TimeUnit.MINUTES).stream()
                .filter(run -> run.subject().id().equals(subject.id()))
                .findFirst()
                .orElseThrow();
    }

    private static GatewayUnderTest gateway() {
        return COMMAND.isEmpty() ? new EmbeddedGateway(LOGGED) : new ExternalGateway(COMMAND);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "compat");
        thread.setDaemon(true);
        return thread;
    }
}
