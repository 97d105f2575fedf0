package dev.gatehouse.servers.authorization;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.servers.WebClient;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;

/** Keeps one server running: starts it, waits until it answers, ends it. */
final class Availability {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final WebClient CLIENT = WebClient.plain();

    private final Launch launch;
    private final URI probe;
    private Launch.Launched running;

    /**
     * Starts the server and waits for it.
     *
     * @param probe URL that answers 200 once the server is ready
     */
    Availability(Launch launch, URI probe) {
        this.launch = launch;
        this.probe = probe;
        this.running = begin();
    }

    void kill() {
        running.kill();
    }

    void restart() {
        running.kill();
        running = begin();
    }

    private Launch.Launched begin() {
        Launch.Launched program = launch.start();
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> !program.isAlive() || answers());
            if (!program.isAlive()) {
                throw new AssertionError("the server ended at once; output:\n" + program.output());
            }
            return program;
        } catch (AssertionError | RuntimeException e) {
            program.kill();
            throw e;
        }
    }

    private boolean answers() {
        try {
            return CLIENT.get(probe).status() == 200;
        } catch (UncheckedIOException e) {
            return false; // nobody listens yet
        }
    }
}
