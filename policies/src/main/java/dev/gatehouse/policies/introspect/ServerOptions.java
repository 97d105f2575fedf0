package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the authorization server is asked and what is remembered of its answers. All groups are optional. */
public final class ServerOptions {
    private ServerOptions() {}

    /** What is asked. */
    public record Request(
            @Doc("Value of token_type_hint; 'none' leaves it out.") @Default("access_token")
            String tokenTypeHint) {}

    /** Client authentication by an id and a secret. */
    public record ClientAuth(
            @Doc("How id and secret are sent: 'client_secret_basic' or 'client_secret_post'.")
            String method,

            @Doc("Client id of the gateway at the authorization server.")
            String clientId,

            @Doc("Its secret.") Secret clientSecret) {
        static final String BASIC = "client_secret_basic";
        static final String POST = "client_secret_post";

        public ClientAuth {
            oneOf("method", method, BASIC, POST);
            if (clientId.isEmpty()) {
                throw new IllegalArgumentException("clientId: \"\" (expected: a client id)");
            }
            if (clientSecret.reveal().isEmpty()) {
                throw new IllegalArgumentException("clientSecret: empty (expected: a secret)");
            }
        }
    }

    /** TLS towards the authorization server. */
    public record Tls(
            @Doc("PEM files of the authorities that are trusted; absent = those of the Java runtime.")
            @Default("[]")
            @OneOrMany
            List<Path> ca,

            @Doc("Accepts every certificate. For experiments only.") @Default("false")
            boolean insecureSkipVerify,

            @Doc("Name for SNI and verification; absent = the host of the endpoint.") @Nullable
            String serverName) {
        public Tls {
            ca = List.copyOf(ca);
        }
    }

    /** What an answer may look like. */
    public record Response(
            @Doc("Largest answer in bytes, counted after decompression.") @Default("1048576")
            int maxBytes) {
        public Response {
            positive("maxBytes", maxBytes);
        }
    }

    /** What is remembered, and how long. */
    public record Cache(
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

            @Doc("Most active answers kept.") @Default("100000")
            int maxEntries,

            @Doc("Most bytes of active answers kept.") @Default("67108864")
            long maxBytes,

            @Doc("Larger answers are used but not kept.") @Default("262144")
            int maxAnswerBytes,

            @Doc("Most requests that wait for one call.") @Default("1024")
            int maxWaiters) {
        static final String UNTIL_EXP = "untilExp";
        static final String NO_CACHE = "noCache";
        private static final Duration MAX_NEGATIVE_TTL = Duration.ofMinutes(1);

        public Cache {
            oneOf("ttlZero", ttlZero, UNTIL_EXP, NO_CACHE);
            between("negativeTtl", negativeTtl, MAX_NEGATIVE_TTL);
            positive("negativeMaxEntries", negativeMaxEntries);
            positive("maxEntries", maxEntries);
            positive("maxBytes", maxBytes);
            positive("maxAnswerBytes", maxAnswerBytes);
            positive("maxWaiters", maxWaiters);
        }
    }

    /** What the authorization server has to bear, and for how long a request waits for it. */
    public record Resilience(
            @Doc("Time for TCP and TLS; never more than timeout.") @Default("2") @Unit(ChronoUnit.SECONDS)
            Duration connectTimeout,

            @Doc("Time for queueing, all attempts and the whole answer; absent = timeout.")
            @Unit(ChronoUnit.SECONDS)
            @Nullable
            Duration totalTimeout,

            @Doc("Repetitions of a call that cannot have had an effect.") @Default("{}")
            Retries retries,

            @Doc("Stops asking a server that fails.") @Default("{}")
            Breaker circuitBreaker,

            @Doc("Most calls at the same time.") @Default("64")
            int maxConcurrent,

            @Doc("Most calls that wait for their turn.") @Default("1000")
            int maxQueue,

            @Doc("Longest wait for a turn.") @Default("1") @Unit(ChronoUnit.SECONDS)
            Duration queueTimeout) {
        public Resilience {
            positive("maxConcurrent", maxConcurrent);
            if (maxQueue < 0) {
                throw new IllegalArgumentException("maxQueue: " + maxQueue + " (expected: zero or more)");
            }
        }
    }

    /** See {@link Resilience#retries}. */
    public record Retries(
            @Doc("Most repetitions of one call.") @Default("1")
            int max) {
        public Retries {
            if (max < 0 || max > 3) {
                throw new IllegalArgumentException("max: " + max + " (expected: 0 to 3)");
            }
        }
    }

    /** See {@link Resilience#circuitBreaker}. */
    public record Breaker(
            @Doc("Whether there is a breaker.") @Default("true")
            boolean enabled,

            @Doc("Time over which calls are counted.") @Default("10") @Unit(ChronoUnit.SECONDS)
            Duration window,

            @Doc("Calls in the window below which the breaker stays closed.") @Default("20")
            int minimumCalls,

            @Doc("Share of failures above which it opens, 0 to 1.") @Default("0.5")
            double failureRatio,

            @Doc("How long it stays open at first.") @Default("5") @Unit(ChronoUnit.SECONDS)
            Duration openFor,

            @Doc("How long it stays open at most; the time doubles with each failed probe.")
            @Default("30")
            @Unit(ChronoUnit.SECONDS)
            Duration maxOpenFor,

            @Doc("Calls that must succeed before it closes.") @Default("3")
            int probes) {
        public Breaker {
            positive("minimumCalls", minimumCalls);
            if (!(failureRatio > 0 && failureRatio <= 1)) {
                throw new IllegalArgumentException(
                        "failureRatio: " + failureRatio + " (expected: more than 0 and at most 1)");
            }
            positive("probes", probes);
        }
    }

    private static void positive(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 1 or more)");
        }
    }

    static void between(String key, Duration value, Duration max) {
        if (value.isNegative() || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    key + ": " + value.toSeconds() + " (expected: 0 to " + max.toSeconds() + " seconds)");
        }
    }

    private static void oneOf(String key, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            throw new IllegalArgumentException(
                    key + ": \"" + value + "\" (expected: " + String.join(" or ", allowed) + ")");
        }
    }
}
