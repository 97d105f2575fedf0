package dev.gatehouse.cli.reload;

import dev.gatehouse.config.bind.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration is in force, and whether the file holds another one that was refused.
 *
 * @param number counts from 1
 * @param since when it was put in force
 * @param mark the beginning of the file's digest
 * @param refused null = the file holds what is in force
 */
public record Standing(
        long number, Instant since, String mark, @Nullable Refused refused) {
    /**
     * What was refused.
     *
     * @param problems in file order; empty = the file is gone, or an internal error that is in the log
     */
    public record Refused(Instant at, List<Problem> problems) {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    Standing next(Instant now, String digest) {
        return new Standing(number + 1, now, digest, null);
    }

    Standing confirmed() {
        return new Standing(number, since, mark, null);
    }

    Standing refusing(Instant now, List<Problem> problems) {
        return new Standing(number, since, mark, new Refused(now, problems));
    }
}
