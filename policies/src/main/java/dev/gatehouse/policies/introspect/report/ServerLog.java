package dev.gatehouse.policies.introspect.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells the operator about an authorization server, at most once a second for each cause. Never told a token, a
 * secret or a part of an answer, so it cannot tell one. Safe on any thread.
 */
public final class ServerLog {
    private static final Logger LOG = LoggerFactory.getLogger("introspect");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final String alias;
    private final @Nullable String endpoint;

    /** How sentences call what they are about. */
    private final String name;

    private final LongSupplier ticker;

    /** When each topic may be told again; the topics are the constants of this class and the causes. */
    private final Map<String, AtomicLong> next = new ConcurrentHashMap<>();

    public ServerLog(String alias, LongSupplier ticker) {
        this(alias, null, ticker);
    }

    private ServerLog(String alias, @Nullable String endpoint, LongSupplier ticker) {
        this.alias = alias;
        this.endpoint = endpoint;
        name = endpoint == null ? alias : endpoint;
        this.ticker = ticker;
    }

    /** A log about one of several endpoints of the server. */
    public ServerLog at(String other) {
        return new ServerLog(alias, other, ticker);
    }

    public void unavailable(Cause cause) {
        if (isDue(cause.tag(), SECOND)) {
            event(LOG.atWarn(), "introspect.unavailable")
                    .addKeyValue("cause", cause.tag())
                    .log("{} gave no answer: {}", name, cause.tag());
        }
    }

    public void invalidAnswer() {
        if (isDue("invalid_answer", SECOND)) {
            event(LOG.atWarn(), "introspect.invalid_answer").log("{} sent an answer that cannot be used", name);
        }
    }

    /**
     * A signed answer is refused.
     *
     * @param flaw what is wrong with it: one of a fixed list of words
     */
    public void unusableSignature(String flaw) {
        if (isDue("invalid_answer", SECOND)) {
            event(LOG.atWarn(), "introspect.invalid_answer")
                    .addKeyValue("flaw", flaw)
                    .log("{} sent a signed answer that cannot be used: {}", name, flaw);
        }
    }

    /**
     * The keys for signed answers could not be read.
     *
     * @param cause one of a fixed list of words
     */
    public void keysUnavailable(String cause) {
        if (isDue("keys " + cause, SECOND)) {
            event(LOG.atWarn(), "introspect.keys")
                    .addKeyValue("cause", cause)
                    .log("the keys that {} signs with could not be read: {}", name, cause);
        }
    }

    public void oddActive() {
        if (isDue("odd_active", MINUTE)) {
            event(LOG.atWarn(), "introspect.invalid_answer")
                    .log("{} sent an answer whose 'active' is neither true nor false; taken as false", name);
        }
    }

    public void credentialsRefused(int status) {
        if (isDue("credentials_refused", SECOND)) {
            event(LOG.atError(), "introspect.client_rejected")
                    .addKeyValue("status", status)
                    .log("{} refuses the credentials of the gateway with status {}", name, status);
        }
    }

    /** There are no credentials to ask the server with. */
    public void noCredentials(Cause cause) {
        if (isDue("no_credentials", SECOND)) {
            event(LOG.atWarn(), "introspect.no_credentials")
                    .addKeyValue("cause", cause.tag())
                    .log("{} cannot be asked: the gateway got no credentials of its own: {}", alias, cause.tag());
        }
    }

    public void status(int status) {
        if ((status == 404 || status == 405) && isDue("configuration", SECOND)) {
            event(LOG.atError(), "introspect.unavailable")
                    .addKeyValue("status", status)
                    .log("{} answered {}: 'endpoint' is probably not its introspection endpoint", name, status);
        }
    }

    /** The server fails too often and is left alone for {@code seconds}. */
    public void breakerOpen(int seconds) {
        breaker("open").log("{} fails too often; the breaker opens for {} s", name, seconds);
    }

    public void breakerHalfOpen() {
        breaker("half_open").log("{} is tried again", name);
    }

    public void breakerClosed() {
        breaker("closed").log("{} works again; the breaker is closed", name);
    }

    private LoggingEventBuilder breaker(String state) {
        return event(LOG.atWarn(), "introspect.breaker").addKeyValue("state", state);
    }

    /** A bug in the gateway; the kind is told, its message is not, because it could quote what it choked on. */
    public void failed(@Nullable Throwable failure) {
        if (isDue("bug", SECOND)) {
            event(LOG.atError(), "introspect.unavailable")
                    .log("the call to {} failed inside the gateway: {}", name, kind(failure));
        }
    }

    private static String kind(@Nullable Throwable failure) {
        return failure == null ? "no result" : failure.getClass().getName();
    }

    private LoggingEventBuilder event(LoggingEventBuilder event, String topic) {
        LoggingEventBuilder told = event.addKeyValue("event", topic).addKeyValue("server", alias);
        return endpoint == null ? told : told.addKeyValue("endpoint", endpoint);
    }

    private boolean isDue(String topic, long every) {
        long now = ticker.getAsLong();
        AtomicLong next = this.next.computeIfAbsent(topic, name -> new AtomicLong(now));
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + every);
    }
}
