package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Locale;

/**
 * One thing that is not exactly as it was.
 *
 * @param places where it is written, at least one unless it concerns the whole directory
 * @param subject the policy, section or option
 * @param what what happens now, and what happened before
 * @param advice how to keep the old way, or what to do; may be empty
 */
record Finding(Group group, List<Span> places, String subject, String what, String advice) {
    static final String FOR_GOOD = "cannot be undone";

    /** What it means for whoever moves. */
    enum Group {
        /** Runs without a change, and refuses or repairs what went wrong before. */
        SAFER,
        /** Runs otherwise, or not at all, until something is changed. */
        DIFFERS,
        /** Is not there. */
        MISSING,
        /** Has no effect, and nothing needs it. */
        IGNORED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean needsChange() {
            return this == DIFFERS || this == MISSING;
        }
    }

    Finding {
        places = List.copyOf(places);
    }

    static Finding of(Group group, Span place, String subject, String what, String advice) {
        return new Finding(group, List.of(place), subject, what, advice);
    }

    static Finding safer(Span place, String subject, String what, String advice) {
        return of(Group.SAFER, place, subject, what, advice);
    }

    /** Whether it says the same of other places. */
    boolean isLike(Finding other) {
        return group == other.group
                && subject.equals(other.subject)
                && what.equals(other.what)
                && advice.equals(other.advice);
    }
}
