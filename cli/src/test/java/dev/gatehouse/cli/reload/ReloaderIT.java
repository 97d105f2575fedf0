package dev.gatehouse.cli.reload;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.tls.PemFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A gateway whose files change, with time under the test's control: nothing here waits. */
@Timeout(60)
final class ReloaderIT {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    @TempDir
    private Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Reloader.class);
    private long nanos = 77;
    private Path file;
    private @Nullable Prepared prepared;
    private @Nullable AccessLog accessLog;
    private @Nullable Reloader reloader;
    private int port;

    @BeforeEach
    void listen() {
        file = folder.resolve("gateway.config.yml");
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        if (prepared != null) {
            prepared.close();
        }
        if (accessLog != null) {
            accessLog.close();
        }
    }

    @Test
    void putsAChangedFileInForce() throws Exception {
        start(config("one"));
        Files.writeString(file, config("two"));

        assertThat(reloader().look()).isEqualTo(Duration.ofMillis(250));
        assertThat(answer()).isEqualTo("one");
        later(250);

        assertThat(answer()).isEqualTo("two");
        assertThat(reloader().standing().number()).isEqualTo(2);
        assertThat(event("config.reloaded"))
                .startsWith("hot-reload config completed")
                .contains("reloaded #2", "~1 pipeline");
        assertThat(later(5_000)).isEqualTo(Duration.ofSeconds(2));
        assertThat(metric("gateway.config.reload", "applied")).isEqualTo(1);
    }

    @Test
    void refusesABrokenFileAndSaysWhere() throws Exception {
        start(config("one"));
        Files.writeString(file, config("two").replace("terminate: {", "termnate: {"));

        later(0);
        later(250);
        assertThat(log.list).as("it may be half written").isEmpty();
        later(750);

        assertThat(answer()).isEqualTo("one");
        assertThat(event("config.rejected"))
                .startsWith("Could not hot-reload gateway.config.yml. Configuration is invalid. 1 error in ")
                .contains("still serving #1");
        assertThat(keyValues()).contains("gateway.config.yml:6:", "error[E0");
        Standing standing = reloader().standing();
        assertThat(standing.number()).isEqualTo(1);
        assertThat(requireNonNull(standing.refused()).problems()).isNotEmpty();
        assertThat(prepared()
                        .meters()
                        .get("gateway.config.last.reload.successful")
                        .gauge()
                        .value())
                .isZero();
        assertThat(prepared()
                        .meters()
                        .get("gateway.config.reload.failures")
                        .counter()
                        .count())
                .isEqualTo(1);

        Files.writeString(file, config("one"));
        later(0);
        later(250);
        assertThat(reloader().standing().refused()).isNull();
        assertThat(event("config.unchanged")).contains("#1");
        assertThat(prepared()
                        .meters()
                        .get("gateway.config.last.reload.successful")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void refusesAnUnknownPolicyAndAnUnknownService() throws Exception {
        start(config("one"));
        for (String broken : List.of(
                config("two").replace("policies: [terminate]", "policies: [terminate, undeclared]"),
                config("two")
                        .replace("policies: [terminate]", "policies: [proxy]")
                        .replaceAll("terminate: .*", "proxy: {action: {serviceEndpoint: ghost}}}]}"))) {
            Files.writeString(file, broken);

            assertThat(reloader().reload("test")).isInstanceOf(Outcome.Rejected.class);
            assertThat(answer()).isEqualTo("one");
        }
    }

    @Test
    void waitsForAFileThatIsHalfWritten() throws Exception {
        start(config("one"));
        String whole = config("two");

        Files.writeString(file, whole.substring(0, whole.length() - 20));
        later(0);
        later(250);
        later(250);
        Files.writeString(file, whole);
        later(250);
        later(250);

        assertThat(answer()).isEqualTo("two");
        assertThat(log.list).extracting(event -> event.getLevel()).containsOnly(Level.INFO);
    }

    @Test
    void keepsTheOldConfigurationWhileTheFileIsGone() throws Exception {
        start(config("one"));

        Files.delete(file);
        later(0);
        later(250);
        assertThat(log.list).isEmpty();
        later(750);
        assertThat(answer()).isEqualTo("one");
        assertThat(event("config.vanished")).contains("still serving #1");
        assertThat(reloader().standing().refused()).isNotNull();

        Files.writeString(file, config("two"));
        later(2_000);
        later(250);
        assertThat(answer()).isEqualTo("two");
        assertThat(reloader().standing().refused()).isNull();
    }

    @Test
    void doesNotMindAFileThatIsReplaced() throws Exception {
        start(config("one"));

        Path other = Files.writeString(folder.resolve(".swap"), config("two"));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        later(0);
        later(250);

        assertThat(answer()).isEqualTo("two");
    }

    @Test
    void followsLinksThatAreSwapped() throws Exception {
        // As Kubernetes mounts a ConfigMap: file -> ..data/file, ..data -> ..version.
        Path one = Files.createDirectory(folder.resolve("..one"));
        Path two = Files.createDirectory(folder.resolve("..two"));
        Files.writeString(two.resolve(file.getFileName()), config("two"));
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, one.getFileName());
        Files.createSymbolicLink(file, Path.of("..data").resolve(file.getFileName()));
        start(config("one"));

        Path fresh = folder.resolve("..data_tmp");
        Files.createSymbolicLink(fresh, two.getFileName());
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(one.resolve(file.getFileName()));
        later(0);
        later(250);

        assertThat(answer()).isEqualTo("two");
    }

    @Test
    void doesNothingWhenTheContentIsTheSame() throws Exception {
        start(config("one"));
        Files.writeString(file, config("one"));

        assertThat(reloader().reload("signal")).isEqualTo(new Outcome.Unchanged(1));

        assertThat(event("config.unchanged")).startsWith("nothing to reload");
        assertThat(metric("gateway.config.reload", "unchanged")).isEqualTo(1);
    }

    @Test
    void noticesTheSystemFileAndSecretsBesideIt() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "one\n");
        start(config("${file:secret}"));
        assertThat(answer()).isEqualTo("one");

        Files.writeString(secret, "two\n");
        later(0);
        later(250);
        assertThat(answer()).isEqualTo("two");

        Files.writeString(folder.resolve("system.config.yml"), "db: {redis: {emulate: true}}\n");
        later(2_000);
        later(250);
        assertThat(reloader().standing().number()).isEqualTo(3);
    }

    @Test
    void readsKeysAgainWithoutAReload() throws Exception {
        PemFixture files = new PemFixture(folder);
        PemFixture.Pair pair = files.issue("one.test");
        start(config("one") + "https: {port: 0, hostname: 127.0.0.1, tls: {default: {key: '" + pair.key() + "', cert: '"
                + pair.cert() + "'}}}\n");
        PemFixture.Pair next = files.issue("two.test");

        Files.copy(next.key(), pair.key(), StandardCopyOption.REPLACE_EXISTING);
        later(0);
        later(250);
        assertThat(log.list).as("the certificate may be on its way").isEmpty();
        later(750);
        assertThat(event("tls.rejected")).contains("is not the key of the first certificate");

        Files.copy(next.cert(), pair.cert(), StandardCopyOption.REPLACE_EXISTING);
        later(2_000);
        later(250);
        assertThat(event("tls.reloaded")).contains("https");
        assertThat(reloader().standing().number()).isEqualTo(1);
    }

    @Test
    void reloadsAConfigurationBesideAHalfSwappedKey() throws Exception {
        PemFixture files = new PemFixture(folder);
        PemFixture.Pair pair = files.issue("one.test");
        String https = "https: {port: 0, hostname: 127.0.0.1, tls: {default: {key: '" + pair.key() + "', cert: '"
                + pair.cert() + "'}}}\n";
        start(config("one") + https);

        Files.copy(files.issue("two.test").key(), pair.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(file, config("two") + https);

        assertThat(reloader().reload("signal")).isInstanceOf(Outcome.Applied.class);
        assertThat(answer()).isEqualTo("two");
        assertThat(event("tls.rejected")).isNotEmpty();
    }

    @Test
    void refusesAKeyThatDoesNotFitWhenAListenerIsAdded() throws Exception {
        PemFixture files = new PemFixture(folder);
        start(config("one"));

        Files.writeString(
                file,
                config("two") + "https: {port: 0, hostname: 127.0.0.1, tls: {default: {key: '"
                        + files.issue("a.test").key() + "', cert: '"
                        + files.issue("b.test").cert() + "'}}}\n");

        assertThat(reloader().reload("signal"))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.problems())
                                .extracting(problem -> problem.code())
                                .contains("E0503"));
        assertThat(answer()).isEqualTo("one");
    }

    @Test
    void saysWhatWaitsForARestart() throws Exception {
        start(config("one"));
        Files.writeString(file, config("two") + "log: {access: errors}\n");

        reloader().reload("signal");

        assertThat(event("config.restart-needed")).contains("log");
    }

    private void start(String text) throws Exception {
        Files.writeString(file, text);
        Prepared built = Prepared.of(new Prepared.Source(file, Map.of(), false, false, null));
        prepared = built;
        Gateway gateway = requireNonNull(built.gateway(), built.problems().all()::toString);
        AccessOptions options = new AccessOptions(LogConfig.Access.OFF, true, false, false, "");
        accessLog = AccessLog.open(options, lines -> {}, built.meters());
        InstantSource clock = () -> START.plusNanos(nanos);
        reloader = new Reloader(built.origin(), gateway, built.meters(), clock, () -> nanos);
        port = gateway.start(accessLog).get(0).address().getPort();
    }

    /** Looks at the files after a while; gives when the reloader wants to look again. */
    private Duration later(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        return reloader().look();
    }

    private Reloader reloader() {
        return requireNonNull(reloader);
    }

    private Prepared prepared() {
        return requireNonNull(prepared);
    }

    private String answer() throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.get("/a").read().body();
        }
    }

    private double metric(String name, String result) {
        return prepared().meters().get(name).tag("result", result).counter().count();
    }

    /** The message of the last event of a name; empty when there is none. */
    private String event(String name) {
        return log.list.stream()
                .filter(event -> event.getKeyValuePairs().get(0).value.equals(name))
                .reduce((first, second) -> second)
                .map(ILoggingEvent::getFormattedMessage)
                .orElse("");
    }

    private String keyValues() {
        return log.list.toString() + log.list.get(log.list.size() - 1).getKeyValuePairs();
    }

    private static String config(String message) {
        return """
                http: {port: 0, hostname: 127.0.0.1}
                apiEndpoints:
                  a: {host: '*', paths: /a}
                policies: [terminate]
                pipelines:
                  p: {apiEndpoints: [a], policies: [{terminate: {action: {statusCode: 200, message: "%s"}}}]}
                """.formatted(message);
    }
}
