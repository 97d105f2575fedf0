package dev.gatehouse.policies.introspect.cache;

import dev.gatehouse.policies.introspect.answer.Introspection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One call under way and all that wait for it. Always completes normally. Safe on any thread. */
public final class Flight extends CompletableFuture<Introspection> {
    private static final int WITHDRAWN = -1;

    /** Why the call is made. */
    enum Purpose {
        /** A request waits for it; others may join. */
        REQUEST,
        /** An entry grows old; nobody waits yet. */
        REFRESH,
        /** A request that shares no older call waits for it, beside such a call. */
        ALONE
    }

    /** How an attempt to join ended. */
    enum Admission {
        ADMITTED,
        FULL,
        WITHDRAWN
    }

    private final Purpose purpose;
    private final AtomicInteger joined = new AtomicInteger();

    Flight(Purpose purpose) {
        this.purpose = purpose;
    }

    Purpose purpose() {
        return purpose;
    }

    /** One more who waits, unless there are {@code maxWaiters} already. */
    Admission admit(int maxWaiters) {
        while (true) {
            int now = joined.get();
            if (now == WITHDRAWN) {
                return Admission.WITHDRAWN;
            }
            if (now + 1 >= maxWaiters) {
                return Admission.FULL;
            }
            if (joined.compareAndSet(now, now + 1)) {
                return Admission.ADMITTED;
            }
        }
    }

    /** Closes a flight that has not begun; false when somebody relies on it already. */
    boolean withdraw() {
        return joined.compareAndSet(0, WITHDRAWN);
    }
}
