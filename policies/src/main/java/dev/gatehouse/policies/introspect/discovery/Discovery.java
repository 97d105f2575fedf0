package dev.gatehouse.policies.introspect.discovery;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.policies.introspect.discovery.MetadataReader.Reading;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the metadata of one issuer (RFC 8414): read a moment after the start or at the first question, read again each
 * hour, and after a failure with growing pauses. What was read last stays in use until something better is there.
 *
 * <p>One look goes to the place of RFC 8414 and, when that gives nothing usable, to that of OpenID. There is at most
 * one look at a time, whoever asks for it; {@link #round} tells a timer whether somebody was faster. Shared under
 * {@link Key}. Safe on any thread; never blocks.
 */
public final class Discovery implements AutoCloseable {
    /**
     * What makes two policies share what is known about an issuer.
     *
     * @param issuer exactly as configured
     * @param target how its host is reached
     */
    public record Key(String issuer, Target target) {
        /**
         * The server of {@code issuer}.
         *
         * @param tls used for https only, and then needed
         */
        public static Key of(ServerUrl issuer, @Nullable TlsSettings tls) {
            return new Key(issuer.uri().toString(), issuer.target(tls));
        }
    }

    private static final Duration REFRESH = Duration.ofHours(1);
    private static final long MIN_PAUSE_SECONDS = 1;
    private static final long MAX_PAUSE_SECONDS = 30;
    private static final int MAX_BYTES = 128 * 1024;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** So long after the start that a configuration that is only validated, and closed again, asks nobody. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

    private final Key key;
    private final HttpCaller http;
    private final LongSupplier ticker;
    private final BiConsumer<Duration, Runnable> timer;
    private final MetadataReader reader;
    private final DiscoveryLog log;
    private final List<String> places;

    /** The look under way; null = none. Whoever sets it from null makes the look, and nobody else. */
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> look = new AtomicReference<>();

    private volatile @Nullable ServerMetadata current;
    private volatile boolean closed;

    /** These two are written by the one look under way only. */
    private volatile long notBefore;

    private int failures;

    private final AtomicInteger round = new AtomicInteger();

    /** Begins to find out about an issuer; start-up thread. */
    public static Discovery open(Key key, HttpCaller http, LongSupplier ticker) {
        return new Discovery(key, http, ticker, Discovery::later);
    }

    Discovery(Key key, HttpCaller http, LongSupplier ticker, BiConsumer<Duration, Runnable> timer) {
        this.key = key;
        this.http = http;
        this.ticker = ticker;
        this.timer = timer;
        ServerUrl issuer = new ServerUrl(URI.create(key.issuer()));
        reader = new MetadataReader(issuer);
        log = new DiscoveryLog(key.issuer());
        places = places(issuer);
        notBefore = ticker.getAsLong();
        lookLater(FIRST_LOOK);
    }

    public String issuer() {
        return key.issuer();
    }

    /** How the host of the issuer is reached; its other URLs are reached alike, see {@link ServerUrl#like}. */
    public Target target() {
        return key.target();
    }

    /** What is known now; null = nothing yet. */
    public @Nullable ServerMetadata current() {
        return current;
    }

    /**
     * Done when it makes sense to look at {@link #current()}: at once when something is known or when the last look
     * failed a moment ago, else at the end of a look, which takes ten seconds at most. Always completes normally; not
     * to be completed or cancelled by the caller.
     */
    public CompletableFuture<?> ready() {
        if (current != null) {
            return CompletableFuture.completedFuture(true);
        }
        @Nullable CompletableFuture<Boolean> underWay = look.get();
        if (underWay != null) {
            return underWay;
        }
        boolean tooEarly = ticker.getAsLong() - notBefore < 0;
        return tooEarly ? CompletableFuture.completedFuture(false) : look();
    }

    /** Seconds until the next look, rounded up; at least 1. */
    public int retryAfterSeconds() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(notBefore - ticker.getAsLong() + 999_999_999L);
        return (int) Math.max(1, Math.min(MAX_PAUSE_SECONDS, seconds));
    }

    @Override
    public void close() {
        closed = true;
    }

    /** RFC 8414 section 3 puts the well-known part before the path, OpenID Connect Discovery 1.0 section 4 behind it. */
    private static List<String> places(ServerUrl issuer) {
        String path = issuer.uri().getRawPath();
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return List.of(
                "/.well-known/oauth-authorization-server" + trimmed, trimmed + "/.well-known/openid-configuration");
    }

    private CompletableFuture<Boolean> look() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        @Nullable CompletableFuture<Boolean> other = look.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        look(0, "");
        return mine;
    }

    private void look(int place, String reasons) {
        try {
            http.call(call(places.get(place)))
                    .whenComplete((result, failure) -> received(place, reasons, result, failure));
        } catch (RuntimeException e) {
            received(place, reasons, null, e);
        }
    }

    private HttpCall call(String place) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.ACCEPT, "application/json");
        return new HttpCall(
                key.target(),
                HttpMethod.GET,
                place,
                headers,
                new byte[0],
                MAX_BYTES,
                CONNECT_TIMEOUT,
                TIMEOUT,
                TIMEOUT);
    }

    private void received(int place, String before, @Nullable CallResult result, @Nullable Throwable failure) {
        Reading reading;
        if (result == null || failure != null) {
            log.broken(failure);
            reading = new Reading.Unusable("internal");
        } else {
            reading = reader.read(result);
        }
        if (reading instanceof Reading.Found found) {
            found(found.metadata());
            return;
        }
        String reason = reading instanceof Reading.Unusable unusable ? unusable.reason() : "unknown";
        String reasons = before.isEmpty() || before.equals(reason) ? reason : before + ", " + reason;
        if (place + 1 < places.size()) {
            look(place + 1, reasons);
        } else {
            failed(reasons);
        }
    }

    private void found(ServerMetadata metadata) {
        if (!metadata.equals(current)) {
            log.found(metadata);
        }
        current = metadata;
        failures = 0;
        end(REFRESH, true);
    }

    private void failed(String reasons) {
        long seconds = Math.min(MAX_PAUSE_SECONDS, MIN_PAUSE_SECONDS << Math.min(failures, 5));
        Duration pause = Duration.ofSeconds(seconds);
        failures = Math.min(failures, 5) + 1;
        log.failed(reasons, pause, current);
        end(pause, false);
    }

    private void end(Duration pause, boolean success) {
        notBefore = ticker.getAsLong() + pause.toNanos();
        round.incrementAndGet();
        @Nullable CompletableFuture<Boolean> mine = look.getAndSet(null);
        lookLater(pause);
        if (mine != null) {
            mine.complete(success);
        }
    }

    private void lookLater(Duration pause) {
        int now = round.get();
        timer.accept(pause, () -> {
            if (!closed && round.get() == now) {
                look();
            }
        });
    }

    /** On the JDK's timer thread, which only sends the call. */
    private static void later(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(task);
    }
}
