package dev.gatehouse.policy;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import java.util.List;

/** How much of a body a step may hold in memory. Start-up thread. */
public final class BodyLimit {
    private BodyLimit() {}

    /**
     * The bound of a step in bytes, never more than {@code limits.maxBufferedBodyBytes}.
     *
     * @param written the option of the step
     * @param standard its default, which gives way to a lower limit of the gateway
     * @param path dotted path of the option
     * @throws ConfigProblem E0483 when more is written than the gateway allows
     */
    public static int of(Located<Integer> written, int standard, String path, PolicyContext context) {
        int most = context.limits().maxBufferedBodyBytes();
        if (written.value() <= most || written.value() == standard) {
            return Math.min(written.value(), most);
        }
        throw new ConfigProblem(new Problem(
                "E0483",
                Severity.ERROR,
                written.span(),
                path,
                "'" + path + "': " + written.value() + " is more than 'limits.maxBufferedBodyBytes' (" + most + ")",
                List.of("lower it, or raise that limit.")));
    }

    /**
     * Refuses what is no size.
     *
     * @throws IllegalArgumentException as the constructor of a configuration record should
     */
    public static void check(String key, Located<Integer> written) {
        if (written.value() < 1) {
            throw new IllegalArgumentException(key + ": " + written.value() + " (expected: 1 or more)");
        }
    }
}
