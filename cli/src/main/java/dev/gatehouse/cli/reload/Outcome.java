package dev.gatehouse.cli.reload;

import dev.gatehouse.config.bind.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How an attempt to reload ended. */
public sealed interface Outcome {
    /**
     * Another configuration is in force.
     *
     * @param number its number; the one of the start has 1
     * @param took from the first look at the file to the swap
     * @param needRestart keys whose change waits for a restart
     */
    record Applied(long number, Duration took, ConfigChange change, List<String> needRestart) implements Outcome {
        public Applied {
            needRestart = List.copyOf(needRestart);
        }
    }

    /** The files hold what is in force. */
    record Unchanged(long number) implements Outcome {}

    /**
     * The files cannot be put in force; nothing has changed.
     *
     * @param number what still serves
     * @param since since when
     * @param problems what is wrong, in file order; empty after an internal error, which is logged
     */
    record Rejected(long number, Instant since, List<Problem> problems) implements Outcome {
        public Rejected {
            problems = List.copyOf(problems);
        }
    }

    /** The file is not there; what was in force stays. */
    record Vanished(long number, Instant since) implements Outcome {}

    /** The gateway stops and takes no other configuration. */
    record Stopping() implements Outcome {}
}
