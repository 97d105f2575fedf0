package dev.gatehouse.cli.reload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/**
 * Decides when a change of some files is worth acting on: not while they still change.
 *
 * <p>Idea: every look gives the contents. A content that stayed the same for {@link #QUIET} may be acted on; if that
 * fails, perhaps because somebody is still writing, it waits until it stayed the same for {@link #FIRM}. What was acted on
 * is settled and not acted on again. Control thread; time comes with each look.
 */
final class ChangeDetector {
    /** Pause after which a writer is taken to be done. */
    static final Duration QUIET = Duration.ofMillis(250);

    /** Pause after which a mistake is taken to be meant. */
    static final Duration FIRM = Duration.ofSeconds(1);

    /** What to do after a look. */
    enum Advice {
        NOTHING,
        LOOK_AGAIN,
        TRY,
        ACT
    }

    private Contents settled;
    private Contents seen;
    private long changedNanos;
    private boolean held;

    ChangeDetector(Contents settled) {
        this.settled = settled;
        this.seen = settled;
    }

    /** Takes the contents of this moment. */
    Advice look(Contents now, long nanos) {
        if (!now.equals(seen)) {
            seen = now;
            changedNanos = nanos;
            held = false;
        }
        if (seen.equals(settled)) {
            return Advice.NOTHING;
        }
        long quiet = nanos - changedNanos;
        if (quiet >= FIRM.toNanos()) {
            return Advice.ACT;
        }
        return quiet >= QUIET.toNanos() && !held ? Advice.TRY : Advice.LOOK_AGAIN;
    }

    /** The files to look at. */
    Set<Path> files() {
        return settled.digests().keySet();
    }

    /** The files that changed since they were settled. */
    Set<Path> changed() {
        return seen.differences(settled);
    }

    /** What was seen last is dealt with. */
    void settle() {
        settled = seen;
    }

    /** These contents are dealt with, and these files are looked at from now on. */
    void settle(Contents contents) {
        settled = contents;
        seen = contents;
    }

    /** Other files are looked at from now on; what is known of them stays known. */
    void watch(Collection<Path> files) {
        settled = settled.over(files);
        seen = seen.over(files);
    }

    /** Acting failed: not again before the contents are firm. */
    void hold() {
        held = true;
    }
}
