package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What is remembered, and how long. */
public record CacheOptions(
        @Doc("False: no answer is used twice; concurrent requests still share one call.") @Default("true")
        boolean enabled,

        @Doc("Meaning of 'ttl: 0': 'untilExp' as documented, or 'noCache' as Express Gateway's code does.")
        @Default("untilExp")
        String ttlZero,

        @Doc("Upper bound for the use of an answer, whatever ttl says.") @Unit(ChronoUnit.SECONDS) @Nullable
        Duration maxTtl,

        @Doc("How long an inactive answer is used again.") @Default("5") @Unit(ChronoUnit.SECONDS)
        Duration negativeTtl,

        @Doc("Most inactive answers kept.") @Default("10000")
        int negativeMaxEntries,

        @Doc("Most active answers kept.") @Default("100000") int maxEntries,

        @Doc("Most bytes of active answers kept.") @Default("67108864")
        long maxBytes,

        @Doc("Larger answers are used but not kept.") @Default("262144")
        int maxAnswerBytes,

        @Doc("Most requests that wait for one call.") @Default("1024")
        int maxWaiters) {
    public static final String UNTIL_EXP = "untilExp";
    public static final String NO_CACHE = "noCache";
    private static final Duration MAX_NEGATIVE_TTL = Duration.ofMinutes(1);

    public CacheOptions {
        Ranges.oneOf("ttlZero", ttlZero, UNTIL_EXP, NO_CACHE);
        Ranges.between("negativeTtl", negativeTtl, MAX_NEGATIVE_TTL);
        Ranges.positive("negativeMaxEntries", negativeMaxEntries);
        Ranges.positive("maxEntries", maxEntries);
        Ranges.positive("maxBytes", maxBytes);
        Ranges.positive("maxAnswerBytes", maxAnswerBytes);
        Ranges.positive("maxWaiters", maxWaiters);
    }
}
