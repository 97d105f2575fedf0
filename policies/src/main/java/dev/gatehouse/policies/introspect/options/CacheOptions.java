package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
        int maxWaiters,

        @Doc("Largest share by which ttl is shortened at random, so that entries do not all end at once.")
        @Default("0.1")
        double jitter,

        @Doc("Share of an answer's life after which a request makes the gateway ask again in the background;"
                + " 0 = off, absent = 0.8 when ttl is at least 10 s.")
        @Nullable
        Double refreshAhead,

        @Doc("How much longer than ttl an active answer is used while the server is down.")
        @Default("0")
        @Unit(ChronoUnit.SECONDS)
        Duration staleIfError,

        @Doc("Method to the age up to which an answer is used for it; '{POST: 0}' asks for each POST.")
        @Default("{}")
        @Unit(ChronoUnit.SECONDS)
        Map<String, Duration> methods,

        @Doc("Whether requests that take no older answer may share a call that is under way already.") @Default("true")
        boolean joinInFlight) {
    public static final String UNTIL_EXP = "untilExp";
    public static final String NO_CACHE = "noCache";
    private static final Pattern METHOD = Pattern.compile("[A-Za-z][A-Za-z-]*");
    private static final Duration MAX_NEGATIVE_TTL = Duration.ofMinutes(1);
    private static final Duration MAX_STALE = Duration.ofMinutes(5);
    private static final Duration MAX_AGE = Duration.ofDays(365);
    private static final double MAX_REFRESH_AHEAD = 0.95;

    public CacheOptions {
        Ranges.oneOf("ttlZero", ttlZero, UNTIL_EXP, NO_CACHE);
        Ranges.between("negativeTtl", negativeTtl, MAX_NEGATIVE_TTL);
        Ranges.positive("negativeMaxEntries", negativeMaxEntries);
        Ranges.positive("maxEntries", maxEntries);
        Ranges.positive("maxBytes", maxBytes);
        Ranges.positive("maxAnswerBytes", maxAnswerBytes);
        Ranges.positive("maxWaiters", maxWaiters);
        Ranges.between("jitter", jitter, 1);
        if (refreshAhead != null) {
            Ranges.between("refreshAhead", refreshAhead, MAX_REFRESH_AHEAD);
        }
        Ranges.between("staleIfError", staleIfError, MAX_STALE);
        methods = ages(methods);
    }

    /** Methods are compared as they arrive, in capitals. */
    private static Map<String, Duration> ages(Map<String, Duration> written) {
        Map<String, Duration> ages = new TreeMap<>();
        written.forEach((name, age) -> {
            if (!METHOD.matcher(name).matches()) {
                throw new IllegalArgumentException("methods: \"" + name + "\" (expected: names of methods)");
            }
            Ranges.between("methods." + name, age, MAX_AGE);
            ages.put(name.toUpperCase(Locale.ROOT), age);
        });
        return Collections.unmodifiableMap(ages);
    }
}
