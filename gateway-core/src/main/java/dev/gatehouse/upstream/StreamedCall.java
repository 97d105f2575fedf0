package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.upstream.reach.TargetOrder;
import dev.gatehouse.upstream.reach.UpstreamFailure;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.OutgoingRequest;
import dev.gatehouse.upstream.wire.ResponseFields;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call from its start to its end, over as many connections as the rules allow.
 *
 * <p>Targets are tried in order as long as nothing could be sent. Once a request was sent it is repeated at most once,
 * on a fresh connection, and only if not one byte of a response arrived, the method is idempotent, the request is still
 * in memory as a whole and the budget allows it (RFC 9110 section 9.2.2). Deadlines are absolute and do not move when an
 * attempt is repeated; the client checks them about twenty times a second.
 */
final class StreamedCall implements UpstreamCall {
    private enum Phase {
        CONNECTING,
        SENDING,
        RESPONDING,
        OVER
    }

    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final UpstreamClient client;
    private final OutgoingRequest request;
    private final String service;
    private final TargetOrder targets;
    private final CallRules rules;
    private final UpstreamListener listener;
    private final CallDeadlines deadlines;
    private Phase phase = Phase.CONNECTING;
    private TargetPool pool;
    private @Nullable Dial dial;
    private @Nullable ServiceConnection connection;
    private boolean starting;
    private boolean announced;
    private boolean repeated;
    private boolean abandoned;
    private int slot;

    StreamedCall(
            UpstreamClient client,
            OutgoingRequest request,
            String service,
            List<Target> targets,
            CallRules rules,
            UpstreamListener listener) {
        this.client = client;
        this.request = request;
        this.service = service;
        this.targets = new TargetOrder(targets, client.health());
        this.rules = rules;
        this.listener = listener;
        this.deadlines = new CallDeadlines(rules, client.now());
        if (!this.targets.current().equals(targets.get(0))) {
            request.redirect(targets.get(0), this.targets.current());
        }
        this.pool = client.pool(this.targets.current(), service);
    }

    static boolean isIdempotent(HttpMethod method) {
        return IDEMPOTENT.contains(method);
    }

    /** Looks for a connection. What comes of it at once is told after the caller has got the call. */
    void begin() {
        starting = true;
        client.budget(service).countRequest(client.now());
        attempt(false);
        starting = false;
    }

    /** Place in the client's list of calls. */
    int slot() {
        return slot;
    }

    void slot(int place) {
        slot = place;
    }

    CallRules rules() {
        return rules;
    }

    boolean isRequestEnded() {
        return request.isEnded();
    }

    long connectNanosLeft() {
        return deadlines.connectLeft(client.now());
    }

    ResponseFields.Verdict judge(HttpHeaders fields) {
        return ResponseFields.judge(fields, rules.maxHeaderBytes(), rules.maxHeaderCount());
    }

    void dialing(Dial started) {
        dial = started;
        started.start();
    }

    void connected(ServiceConnection found) {
        dial = null;
        connection = found;
        phase = Phase.SENDING;
        found.open(this, HttpMethod.HEAD.equals(request.method()));
        if (!send(found)) {
            return;
        }
        if (starting) {
            client.execute(this::announce);
        } else {
            announce();
        }
    }

    private boolean send(ServiceConnection found) {
        try {
            if (repeated) {
                request.repeat(found.channel(), targets.current());
                return true;
            }
            request.writeHead(found.channel(), targets.current());
            if (request.isEnded()) {
                deadlines.requestEnded(client.now());
            }
            return true;
        } catch (IllegalArgumentException e) {
            // A target or a method that would break the request line apart.
            unsendable();
            return false;
        }
    }

    void unreachable(UpstreamFault fault) {
        dial = null;
        if (starting) {
            client.execute(() -> unreachable(fault));
        } else if (phase == Phase.CONNECTING) {
            Target tried = targets.current();
            if (fault.isUnreachable()) {
                client.notices().unreachable(tried, fault);
            }
            if (fault.isUnreachable() && targets.hasNext() && deadlines.allowAnotherTarget(client.now())) {
                pool.ledger().count(fault);
                request.redirect(tried, targets.next());
                pool = client.pool(targets.current(), service);
                attempt(false);
            } else {
                fail(fault, true);
            }
        }
    }

    private void attempt(boolean fresh) {
        phase = Phase.CONNECTING;
        deadlines.connecting(client.now());
        pool.acquire(this, fresh);
    }

    private void announce() {
        if (phase == Phase.SENDING && !announced) {
            announced = true;
            listener.onReady();
        }
    }

    @Override
    public Target target() {
        return targets.current();
    }

    @Override
    public boolean isWritable() {
        return connection != null && !abandoned && !request.isEnded() && connection.isWritable();
    }

    @Override
    public void write(ByteBuf data) {
        ServiceConnection open = connection;
        if (open == null || abandoned) {
            data.release();
        } else if (!request.write(open.channel(), data)) {
            unsendable();
        }
    }

    @Override
    public void end() {
        ServiceConnection open = connection;
        if (open == null || abandoned) {
            return;
        }
        if (request.end(open.channel())) {
            deadlines.requestEnded(client.now());
        } else {
            unsendable();
        }
    }

    /** The sender broke its own announcement; it hears of it when it is done with its present step. */
    private void unsendable() {
        abandoned = true;
        client.execute(() -> breakOff(UpstreamFault.UNSENDABLE));
    }

    @Override
    public void flush() {
        if (connection != null && !abandoned) {
            request.flush(connection.channel());
        }
    }

    @Override
    public void read() {
        ServiceConnection open = connection;
        if (open == null || phase != Phase.RESPONDING) {
            return;
        }
        if (open.isReading()) {
            open.readLater();
        } else {
            deadlines.reading(client.now());
            open.read();
        }
    }

    @Override
    public void cancel() {
        if (phase != Phase.OVER) {
            ServiceConnection open = connection;
            finish();
            if (open != null) {
                open.close();
            }
        }
    }

    void interim(HttpResponse response) {
        listener.onInterim(response);
    }

    /** The service speaks another protocol from here on; the call is over, the connection belongs to the listener. */
    void upgraded(HttpResponse response, UpgradedConnection service) {
        finish();
        listener.onUpgrade(response, service);
    }

    void head(HttpResponse response) {
        phase = Phase.RESPONDING;
        if (!request.isEnded() && response.status().code() >= 300) {
            // The service has decided without the rest; a success may still want to read it while it answers.
            abandoned = true;
            pool.ledger().countEarlyResponse();
        }
        request.forget();
        deadlines.responding();
        listener.onHead(response);
    }

    /** Takes {@code data}. */
    void data(ByteBuf data) {
        listener.onData(data);
    }

    void burstOver() {
        if (phase == Phase.RESPONDING) {
            deadlines.responding();
            listener.onReadComplete();
        }
    }

    void writabilityChanged(boolean writable) {
        if (!request.isEnded() && !abandoned) {
            deadlines.writable(writable, client.now());
            if (writable && announced) {
                listener.onWritable();
            }
        }
    }

    /** The response is complete; the connection is settled before {@link #complete} tells the listener. */
    void responseComplete() {
        if (!request.isEnded() && !abandoned) {
            pool.ledger().countEarlyResponse();
        }
        finish();
    }

    void complete(HttpHeaders trailers) {
        listener.onEnd(trailers);
    }

    /** The connection ended before the response did. */
    void lost(ServiceConnection gone) {
        boolean nothingReceived = gone.nothingReceived();
        connection = null;
        if (phase == Phase.RESPONDING) {
            fail(UpstreamFault.TRUNCATED, false);
        } else if (nothingReceived && !request.isFlushed() && !announced) {
            attempt(true);
        } else if (nothingReceived && mayRepeat(gone)) {
            repeated = true;
            pool.ledger().countRetry();
            listener.onRepeat();
            attempt(true);
        } else {
            fail(nothingReceived && gone.isReused() ? UpstreamFault.STALE : UpstreamFault.RESET, nothingReceived);
        }
    }

    private boolean mayRepeat(ServiceConnection gone) {
        return !repeated
                && request.isRepeatable()
                && (gone.isReused() || !rules.readOnly())
                && deadlines.allowRepetition(client.now())
                && client.budget(service).tryRetry(client.now(), gone.isReused());
    }

    /** The response cannot be used; the connection is closed already. */
    void broken(UpstreamFault fault) {
        boolean nothingReceived = connection == null || connection.nothingReceived();
        fail(
                phase == Phase.RESPONDING && fault == UpstreamFault.MALFORMED ? UpstreamFault.TRUNCATED : fault,
                nothingReceived);
    }

    /** Ends the call if a deadline has passed. */
    void checkDeadlines(long now) {
        if (phase == Phase.CONNECTING && deadlines.isConnectOver(now)) {
            late();
        } else if (phase == Phase.SENDING
                && deadlines.isSendOver(now, connection == null || connection.nothingReceived())) {
            breakOff(UpstreamFault.RESPONSE_TIMEOUT);
        } else if (phase == Phase.RESPONDING && deadlines.isTotalOver(now)) {
            breakOff(UpstreamFault.RESPONSE_TIMEOUT);
        } else if (phase == Phase.RESPONDING && deadlines.isBodyOver(now)) {
            breakOff(UpstreamFault.TRUNCATED);
        }
    }

    private void late() {
        Dial late = dial;
        if (late != null) {
            unreachable(late.cancel());
        } else if (pool.forget(this)) {
            fail(UpstreamFault.OVERLOAD, true);
        }
    }

    /** Ends the call because the client of this loop closes. */
    void abort() {
        breakOff(UpstreamFault.OVERLOAD);
    }

    /** Ends the call from this side. */
    private void breakOff(UpstreamFault fault) {
        ServiceConnection open = connection;
        boolean nothingReceived = open == null || open.nothingReceived();
        if (open != null) {
            open.close();
        }
        fail(fault, nothingReceived);
    }

    void fail(UpstreamFault fault, boolean nothingReceived) {
        if (phase == Phase.OVER) {
            return;
        }
        finish();
        pool.ledger().count(fault);
        listener.onFailure(new UpstreamFailure(fault, nothingReceived));
    }

    private void finish() {
        phase = Phase.OVER;
        connection = null;
        Dial pending = dial;
        dial = null;
        if (pending != null) {
            pending.cancel();
        } else {
            pool.forget(this);
        }
        request.forget();
        client.over(this);
    }
}
