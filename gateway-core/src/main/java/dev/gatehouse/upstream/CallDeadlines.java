package dev.gatehouse.upstream;

/** When a call must have got how far. Times are those of {@link UpstreamClient#now}, in nanoseconds. */
final class CallDeadlines {
    private final CallRules rules;
    private final long started;
    private long connect = CallRules.UNBOUNDED;
    private long response = CallRules.UNBOUNDED;
    private long upload = CallRules.UNBOUNDED;
    private long body = CallRules.UNBOUNDED;

    CallDeadlines(CallRules rules, long now) {
        this.rules = rules;
        this.started = now;
    }

    /** A connection is looked for; never longer than connecting and answering may take together. */
    void connecting(long now) {
        long whole = Math.min(rules.totalNanos(), rules.connectNanos() + rules.responseNanos());
        connect = Math.min(now + rules.connectNanos(), started + Math.min(whole, rules.firstByteNanos()));
    }

    /** The request is complete: from here the service has to answer. A repetition does not move the end. */
    void requestEnded(long now) {
        upload = CallRules.UNBOUNDED;
        if (response == CallRules.UNBOUNDED) {
            response = now + rules.responseNanos();
        }
    }

    /** The service stopped taking the request, or takes it again. */
    void writable(boolean writable, long now) {
        upload = writable ? CallRules.UNBOUNDED : now + rules.responseNanos();
    }

    /** Nothing is asked of the service at the moment. */
    void responding() {
        response = CallRules.UNBOUNDED;
        body = CallRules.UNBOUNDED;
    }

    /** More of the body is wanted. */
    void reading(long now) {
        if (body == CallRules.UNBOUNDED) {
            body = now + rules.pauseNanos();
        }
    }

    long connectLeft(long now) {
        return connect - now;
    }

    boolean allowAnotherTarget(long now) {
        return now - started < Math.min(rules.totalNanos(), rules.connectNanos() + rules.responseNanos());
    }

    boolean allowRepetition(long now) {
        return now < response && !isTotalOver(now);
    }

    boolean isConnectOver(long now) {
        return now >= connect;
    }

    boolean isSendOver(long now, boolean nothingReceived) {
        return now >= response
                || now >= upload
                || isTotalOver(now)
                || (nothingReceived && now - started >= rules.firstByteNanos());
    }

    boolean isBodyOver(long now) {
        return now >= body;
    }

    boolean isTotalOver(long now) {
        return now - started >= rules.totalNanos();
    }
}
