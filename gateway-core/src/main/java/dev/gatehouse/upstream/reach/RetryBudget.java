package dev.gatehouse.upstream.reach;

import java.util.concurrent.TimeUnit;

/**
 * Lets at most one in ten requests of the last ten seconds be repeated, and ten in any case, so that a service in
 * trouble is not buried under repetitions. Half of that is kept for pooled connections that turned out to be closed,
 * which is no sign of trouble and must stay hidden also while another client provokes failures. Counted per event loop
 * and service endpoint; it outlives the connections, which a service in trouble keeps losing.
 */
public final class RetryBudget {
    private static final int SLOTS = 10;
    private static final int ALWAYS = 10;
    private static final int REQUESTS_PER_RETRY = 10;

    private final int[] requests = new int[SLOTS];
    private final int[] retries = new int[SLOTS];
    private long second;

    /** One more request, of which a tenth of a repetition may be taken. */
    public void countRequest(long nowNanos) {
        requests[slot(nowNanos)]++;
    }

    /**
     * Takes one repetition from the budget.
     *
     * @param stale whether the request was lost with a connection that had served another one before
     */
    public boolean tryRetry(long nowNanos, boolean stale) {
        int slot = slot(nowNanos);
        long allowed = Math.max(ALWAYS, sum(requests) / REQUESTS_PER_RETRY);
        if (sum(retries) >= (stale ? allowed : allowed / 2)) {
            return false;
        }
        retries[slot]++;
        return true;
    }

    private int slot(long nowNanos) {
        long now = TimeUnit.NANOSECONDS.toSeconds(nowNanos);
        if (now - second >= SLOTS) {
            second = now - SLOTS;
        }
        while (second < now) {
            second++;
            requests[(int) (second % SLOTS)] = 0;
            retries[(int) (second % SLOTS)] = 0;
        }
        return (int) (now % SLOTS);
    }

    private static long sum(int[] slots) {
        long sum = 0;
        for (int count : slots) {
            sum += count;
        }
        return sum;
    }
}
