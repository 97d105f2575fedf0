package dev.gatehouse.policies.introspect.credentials;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.introspect.credentials.TokenEndpoint.Grant;
import dev.gatehouse.policies.introspect.report.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code bearer} with a token that the gateway fetches for itself (RFC 7662 section 2.1).
 *
 * <p>Idea: one token for all calls, kept until shortly before it ends; whoever needs one while it is fetched waits for
 * the same fetch. A failed fetch is not repeated for a moment, and neither is a renewal that did not help, so that a
 * broken set-up cannot turn every request into three calls. The lock guards fields only; no call is made under it.
 */
public final class OwnToken implements ClientAuthentication {
    private static final long EARLY = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long RENEWAL_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final TokenEndpoint endpoint;
    private final HttpCaller http;
    private final LongSupplier ticker;

    private final Object lock = new Object();
    private @Nullable CompletableFuture<Presented> fetching;
    private @Nullable Presented last;
    private long lastUntil;
    private boolean renewed;
    private long renewedAt;

    public OwnToken(TokenEndpoint endpoint, HttpCaller http, LongSupplier ticker) {
        this.endpoint = endpoint;
        this.http = http;
        this.ticker = ticker;
    }

    @Override
    public List<@Nullable String> identity() {
        List<@Nullable String> parts = new ArrayList<>(endpoint.identity());
        parts.add(0, "bearer");
        return parts;
    }

    @Override
    public CompletionStage<Presented> present(Duration within) {
        CompletableFuture<Presented> mine;
        boolean first;
        synchronized (lock) {
            if (last != null && ticker.getAsLong() - lastUntil < 0) {
                return CompletableFuture.completedStage(last);
            }
            @Nullable CompletableFuture<Presented> underWay = fetching;
            first = underWay == null;
            mine = underWay == null ? new CompletableFuture<>() : underWay;
            fetching = mine;
        }
        if (first) {
            endpoint.ask(http).thenAccept(grant -> land(mine, grant));
        }
        return mine.copy()
                .completeOnTimeout(
                        new Presented.Missing(Cause.RESPONSE_TIMEOUT), within.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void land(CompletableFuture<Presented> flight, Grant grant) {
        Presented presented;
        synchronized (lock) {
            fetching = null;
            long now = ticker.getAsLong();
            if (grant instanceof Grant.Granted granted) {
                presented = granted.credentials();
                lastUntil = now + granted.life().toNanos() - EARLY;
            } else {
                presented =
                        new Presented.Missing(grant instanceof Grant.Denied denied ? denied.cause() : Cause.INTERNAL);
                lastUntil = now + PAUSE;
            }
            last = presented;
        }
        flight.complete(presented);
    }

    @Override
    public boolean renew(Credentials refused) {
        synchronized (lock) {
            if (!refused.equals(last)) {
                return true;
            }
            long now = ticker.getAsLong();
            if (renewed && now - renewedAt < RENEWAL_PAUSE) {
                return false;
            }
            renewed = true;
            renewedAt = now;
            last = null;
            return true;
        }
    }
}
