package dev.gatehouse.cli.run;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for logs to be written before the process ends, but not for ever: somebody may have stopped reading. */
final class Ends {
    private static final long SECONDS = 2;

    private Ends() {}

    static void await(CompletionStage<Void> end) {
        try {
            end.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The log is what cannot be written, so this goes past it.
            System.err.println("gateway: the end of a log was not written");
        }
    }
}
