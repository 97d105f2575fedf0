package dev.gatehouse.servers.authorization;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.servers.WebClient;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;

/** Keeps one server running: starts it, waits until it answers, ends it. */
final class Availability implements AutoCloseable {
    /** Keycloak needs a quarter of a minute on an idle machine and many times that on a busy one. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final WebClient CLIENT = WebClient.plain();

    private final Launch launch;
    private final URI probe;

    /**
     * Starts the server and waits for it.
     *
     * @param launch taken: closed with this object, also when the server does not start
     * @param probe URL that answers 200 once the server is ready
     */
    Availability(Launch launch, URI probe) {
        this.launch = launch;
        this.probe = probe;
        try {
            start();
        } catch (AssertionError | RuntimeException e) {
            launch.close();
            throw e;
        }
    }

    /** Starts the server again after {@link #kill()} and waits for it. */
    void start() {
        launch.start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> !launch.isAlive() || answers());
        if (!launch.isAlive()) {
            throw new AssertionError("the server ended at once; output:\n" + launch.output());
        }
    }

    void kill() {
        launch.kill();
    }

    @Override
    public void close() {
        launch.close();
    }

    private boolean answers() {
        try {
            return CLIENT.get(probe).status() == 200;
        } catch (UncheckedIOException e) {
            return false; // nobody listens yet
        }
    }
}
