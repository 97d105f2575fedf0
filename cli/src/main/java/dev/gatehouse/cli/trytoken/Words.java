package dev.gatehouse.cli.trytoken;

import java.time.Duration;

/** Times in words for people. */
final class Words {
    private static final long TWO = 2;

    private Words() {}

    /** {@code 52 min}: two of a unit before the next larger one is used. */
    static String of(Duration time) {
        if (time.toMinutes() < TWO) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < TWO) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < TWO ? time.toHours() + " h" : time.toDays() + " days";
    }

    /** {@code in 52 min}, or {@code 3 s ago}. */
    static String until(Duration left) {
        return left.isNegative() ? of(left.negated()) + " ago" : "in " + of(left);
    }
}
