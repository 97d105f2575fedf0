package dev.gatehouse.cli.compat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One gateway with one configuration file, from start to stop. Used by the thread of its group. */
interface GatewayUnderTest extends AutoCloseable {
    /**
     * Starts and waits until the port accepts connections.
     *
     * @return why it does not run; empty when it does
     */
    String start(Path config, int port, Map<String, String> environment, Duration deadline) throws IOException;

    /** Whether it has ended by itself, waiting a while for that where it can happen. */
    boolean hasEnded(Duration patience) throws IOException;

    /** What it has written to its outputs since the start. */
    String log() throws IOException;

    @Override
    void close() throws IOException;
}
