package dev.gatehouse.policies.ratelimit;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Unit;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.Template;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.policy.WrittenExpression;
import io.micrometer.core.instrument.Counter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the requests of a client after so many in a window of time, and may slow it down before.
 *
 * <pre>{@code
 * - rate-limit:
 *     - action:
 *         max: 100
 *         windowMs: 60000
 *         delayMs: 0
 *         rateLimitBy: ${consumer.id}
 * }</pre>
 *
 * <p>Each step counts for itself, unless steps name the same {@code sharedAs}. A request whose key cannot be computed
 * counts with all such requests, so it does not escape the limit.
 */
public final class RateLimitPolicy implements Policy {
    private static final Duration LONGEST_WINDOW = Duration.ofDays(366);
    private static final int MOST_KEYS = 10_000_000;

    /** The limit. */
    public record Config(
            @Doc("Requests of one client in a window; 0 = any number.") @Default("5")
            int max,

            @Doc("Length of a window, which begins with the client's first request.")
            @Default("60000")
            @Unit(ChronoUnit.MILLIS)
            Duration windowMs,

            @Doc("Text with ${…} that tells clients apart; absent = the address of the client's end of the connection.")
            @Nullable
            Located<String> rateLimitBy,

            @Doc("Status of a refusal, 200 to 599.") @Default("429")
            int statusCode,

            @Doc("Body of a refusal; a text, not a template.") @Default("Too many requests, please try again later.")
            String message,

            @Doc("Requests of a window that are not delayed; 0 = none is.") @Default("1")
            int delayAfter,

            @Doc("Delay of the first request that is delayed; each one after it waits for so much longer; 0 = none.")
            @Default("1000")
            @Unit(ChronoUnit.MILLIS)
            Duration delayMs,

            @Doc("Longest delay of a request.") @Default("60000") @Unit(ChronoUnit.MILLIS)
            Duration maxDelayMs,

            @Doc("Requests that may wait at a time; one more is refused.") @Default("1000")
            int maxDelayed,

            @Doc("Sends X-RateLimit-Limit, -Remaining and -Reset, and Retry-After.") @Default("true")
            boolean headers,

            @Doc("Requests that end with a status from 400 do not count.") @Default("false")
            boolean skipFailedRequests,

            @Doc("Requests that end with a status below 400 do not count.") @Default("false")
            boolean skipSuccessfulRequests,

            @Doc("Steps with the same name, windowMs and maxKeys count together; absent = each for itself.") @Nullable
            String sharedAs,

            @Doc("Clients that are remembered; above that, those that are seen seldom begin a new window.")
            @Default("100000")
            int maxKeys) {
        public Config {
            within("max", max, 0, Integer.MAX_VALUE);
            within("statusCode", statusCode, 200, 599);
            within("delayAfter", delayAfter, 0, Integer.MAX_VALUE);
            within("maxDelayed", maxDelayed, 0, 1_000_000);
            within("maxKeys", maxKeys, 1, MOST_KEYS);
            if (windowMs.toMillis() < 1 || windowMs.compareTo(LONGEST_WINDOW) > 0) {
                throw new IllegalArgumentException("windowMs: expected 1 millisecond to 366 days");
            }
            if (delayMs.isNegative()) {
                throw new IllegalArgumentException("delayMs: expected zero or more");
            }
            if (maxDelayMs.isNegative()) {
                throw new IllegalArgumentException("maxDelayMs: expected zero or more");
            }
            if (sharedAs != null && sharedAs.isBlank()) {
                throw new IllegalArgumentException("sharedAs: expected a name");
            }
        }

        private static void within(String key, int value, int least, int most) {
            if (value < least || value > most) {
                String range = most == Integer.MAX_VALUE ? "zero or more" : "a number from " + least + " to " + most;
                throw new IllegalArgumentException(key + ": expected " + range + ", found " + value);
            }
        }
    }

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "rate-limit";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            warnOfUnwrittenDelay(config, context);
            return new RateLimitPolicy(config, context);
        }

        private static void warnOfUnwrittenDelay(Config config, PolicyContext context) {
            Node.Mapping action = context.step().action();
            boolean written = action != null && action.get("delayMs") != null;
            if (!written && config.delayAfter() > 0) {
                context.problems()
                        .warn(
                                "W0475",
                                context.step().span(),
                                context.step().path() + ".action",
                                "requests are delayed, because 'delayMs' is not written and its default is 1000:"
                                        + " request " + (config.delayAfter() + 1L) + " of a window waits for 1 s,"
                                        + " each one after it for 1 s longer",
                                "write 'delayMs: 0' for no delay.");
            }
        }
    }

    private static final int CLIENT_LEFT = 499;
    private static final AsciiString LIMIT = AsciiString.cached("x-ratelimit-limit");
    private static final AsciiString REMAINING = AsciiString.cached("x-ratelimit-remaining");
    private static final AsciiString RESET = AsciiString.cached("x-ratelimit-reset");

    private final Config config;
    private final ClientKey key;
    private final HitCounters counters;
    private final Slowdown slowdown;
    private final Refusals refusals;
    private final Counter overLimit;
    private final Counter overDelayed;

    private RateLimitPolicy(Config config, PolicyContext context) {
        this.config = config;
        key = new ClientKey(template(config.rateLimitBy(), context));
        counters = counters(config, context);
        slowdown = new Slowdown(
                config, context.meters().counter("gateway.rate_limit.delayed", "pipeline", context.pipeline()));
        refusals = new Refusals(config);
        overLimit = denials(context, "limit");
        overDelayed = denials(context, "too_many_delayed");
    }

    private static @Nullable Template template(@Nullable Located<String> written, PolicyContext context) {
        // An empty text is "not set" for Express Gateway.
        return written == null || written.value().isEmpty()
                ? null
                : WrittenExpression.template(written, context.step().path() + ".action.rateLimitBy");
    }

    private static HitCounters counters(Config config, PolicyContext context) {
        long windowMillis = config.windowMs().toMillis();
        if (config.sharedAs() != null) {
            return HitCounters.of(new HitCounters.Shared(config.sharedAs(), windowMillis, config.maxKeys()), context);
        }
        String by = config.rateLimitBy() == null ? null : config.rateLimitBy().value();
        return HitCounters.of(
                new HitCounters.Step(context.pipeline(), context.step().path(), by, windowMillis, config.maxKeys()),
                context);
    }

    private static Counter denials(PolicyContext context, String reason) {
        return context.meters()
                .counter(
                        "gateway.policy.denials",
                        "policy",
                        "rate-limit",
                        "pipeline",
                        context.pipeline(),
                        "reason",
                        reason);
    }

    @Override
    public Verdict apply(Exchange exchange) {
        Window window = counters.window(key.of(exchange));
        long hit = window.hit();
        if (config.headers()) {
            exchange.onResponse(response -> describe(response.message().headers(), hit, window));
        }
        if (config.max() > 0 && hit > config.max()) {
            overLimit.increment();
            return refusals.to(exchange);
        }
        long delay = slowdown.millis(hit);
        Verdict verdict = delay == 0 ? Verdict.next() : slowdown.after(delay, exchange);
        if (verdict == null) {
            overDelayed.increment();
            return refusals.to(exchange);
        }
        giveBackLater(exchange, window);
        return verdict;
    }

    /** As all fields that a policy adds, these give way to what the service itself sends under the same name. */
    private void describe(HttpHeaders response, long hit, Window window) {
        set(response, LIMIT, config.max());
        set(response, REMAINING, Math.max(0, config.max() - hit));
        set(response, RESET, window.resetSeconds());
    }

    private static void set(HttpHeaders response, AsciiString name, long value) {
        if (!response.contains(name)) {
            response.set(name, Long.toString(value));
        }
    }

    /** A client that leaves gets nothing back: otherwise leaving early would be a way around the limit. */
    private void giveBackLater(Exchange exchange, Window window) {
        if (config.skipFailedRequests() || config.skipSuccessfulRequests()) {
            exchange.onComplete(status -> {
                boolean skipped = status >= 400 ? config.skipFailedRequests() : config.skipSuccessfulRequests();
                if (skipped && status != CLIENT_LEFT) {
                    window.giveBack();
                }
            });
        }
    }
}
