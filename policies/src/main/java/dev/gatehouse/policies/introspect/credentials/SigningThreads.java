package dev.gatehouse.policies.introspect.credentials;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where assertions are signed: a signature takes up to a millisecond, which an event loop must not spend on one client.
 * Shared by all policies under {@link Key}; a full queue rejects.
 */
public final class SigningThreads implements Executor, AutoCloseable {
    /** Under this key the gateway shares the one instance; see {@code PolicyContext.shared}. */
    public record Key() {}

    private static final int THREADS = 2;
    private static final int MAX_WAITING = 256;
    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            new DefaultThreadFactory("gateway-signing", true));

    public SigningThreads() {
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
