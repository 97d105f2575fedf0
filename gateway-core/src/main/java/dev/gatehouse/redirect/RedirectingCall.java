package dev.gatehouse.redirect;

import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.RedirectRules;
import dev.gatehouse.upstream.UpstreamCall;
import dev.gatehouse.upstream.UpstreamClient;
import dev.gatehouse.upstream.UpstreamListener;
import dev.gatehouse.upstream.reach.UpstreamFailure;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that follows redirects: towards the relay one call, towards services one after the other.
 *
 * <p>The relay hears of nothing but the final response. The body of a redirect is read and dropped within a bound, so
 * that its connection stays in use. A body that has to be repeated is kept while it is small; where it is not, the
 * client gets the redirect and can repeat the request itself. From the end of the request to the final response head
 * all calls together have the time that one has, so neither slow redirects nor a ring of them outlives it.
 *
 * <p>Where a redirect leads is the service's choice. What only the service may know never goes elsewhere, see
 * {@link Redirects}, and it is not given back when a later redirect returns.
 */
public final class RedirectingCall implements UpstreamCall, UpstreamListener {
    static final int MAX_DRAINED = 64 * 1024;

    private enum Phase {
        /** A request is under way. */
        ASKING,
        /** The body of a redirect goes by. */
        DRAINING,
        /** The redirect is here and the rest of the body that it repeats is not. */
        COLLECTING,
        /** The response is the one for the client. */
        ANSWERING,
        OVER
    }

    private final UpstreamClient client;
    private final UpstreamListener listener;
    private final RedirectChain chain;
    private UpstreamCall current;
    private Phase phase = Phase.ASKING;
    private int drained;
    private long waitingSince;
    private @Nullable Future<?> deadline;

    private RedirectingCall(UpstreamClient client, RedirectChain chain, UpstreamListener listener) {
        this.client = client;
        this.chain = chain;
        this.listener = listener;
        this.waitingSince = now();
        this.current = ask();
    }

    /**
     * Starts a call as {@link UpstreamClient#start} does.
     *
     * @param rules the wish of {@code plan}
     * @param identity removes the fields by which the gateway tells the service who the client is
     */
    public static UpstreamCall start(
            UpstreamClient client,
            HttpRequest head,
            BodyFraming framing,
            ForwardPlan plan,
            RedirectRules rules,
            Consumer<HttpHeaders> identity,
            UpstreamListener listener) {
        Redirects redirects = new Redirects(rules.confidential(), identity);
        return new RedirectingCall(client, new RedirectChain(redirects, head, framing, plan), listener);
    }

    @Override
    public Target target() {
        return current.target();
    }

    @Override
    public boolean isWritable() {
        return (phase == Phase.COLLECTING && !chain.body().isLost()) || (isFirst() && current.isWritable());
    }

    @Override
    public void write(ByteBuf data) {
        if (phase == Phase.COLLECTING) {
            chain.body().add(data);
            data.release();
            if (chain.body().isLost()) {
                // The redirect cannot be handed on any more. The sender hears of it when it is done with its step.
                client.loop().execute(() -> fail(UpstreamFault.REDIRECT));
            }
        } else if (isFirst()) {
            chain.body().add(data);
            current.write(data);
        } else {
            data.release();
        }
    }

    @Override
    public void end() {
        chain.body().end();
        if (phase == Phase.COLLECTING) {
            waitingSince = now();
            follow();
        } else if (isFirst()) {
            waitingSince = now();
            current.end();
        }
    }

    @Override
    public void flush() {
        if (isFirst()) {
            current.flush();
        }
    }

    @Override
    public void read() {
        if (phase == Phase.ANSWERING) {
            current.read();
        }
    }

    @Override
    public void cancel() {
        if (phase != Phase.OVER) {
            over();
            current.cancel();
        }
    }

    @Override
    public void onReady() {
        if (chain.isFirst()) {
            listener.onReady();
        } else {
            chain.body().writeTo(current);
            current.flush();
        }
    }

    @Override
    public void onInterim(HttpResponse response) {
        if (chain.isFirst()) {
            listener.onInterim(response);
        }
    }

    @Override
    public void onHead(HttpResponse response) {
        switch (chain.judge(response, current.target())) {
            case FINAL -> deliver(response);
            case BROKEN -> fail(UpstreamFault.REDIRECT);
            case FOLLOWED -> take();
        }
    }

    /** Lets the redirect go by, or gives its connection up when the service did not read its request. */
    private void take() {
        if (chain.body().isEnded()) {
            phase = Phase.DRAINING;
            drained = 0;
            armDeadline();
        } else if (chain.repeatsBody()) {
            phase = Phase.COLLECTING;
            current.cancel();
            listener.onWritable();
        } else {
            current.cancel();
            follow();
        }
    }

    @Override
    public void onData(ByteBuf data) {
        if (phase == Phase.ANSWERING) {
            listener.onData(data);
            return;
        }
        drained += data.readableBytes();
        data.release();
        if (phase == Phase.DRAINING && drained > MAX_DRAINED) {
            current.cancel();
            follow();
        }
    }

    @Override
    public void onReadComplete() {
        if (phase == Phase.ANSWERING) {
            listener.onReadComplete();
        } else if (phase == Phase.DRAINING) {
            current.read();
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        if (phase == Phase.DRAINING) {
            follow();
        } else if (phase == Phase.ANSWERING) {
            over();
            listener.onEnd(trailers);
        }
    }

    @Override
    public void onWritable() {
        if (isFirst()) {
            listener.onWritable();
        }
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
        if (phase == Phase.DRAINING) {
            // What matters of a redirect is its head.
            follow();
        } else if (phase != Phase.OVER) {
            over();
            listener.onFailure(failure);
        }
    }

    /** Whether the relay still talks to the first service. */
    private boolean isFirst() {
        return chain.isFirst() && phase != Phase.OVER;
    }

    private void deliver(HttpResponse response) {
        phase = Phase.ANSWERING;
        rest();
        listener.onHead(response);
    }

    private void follow() {
        if (chain.advance(current.target())) {
            phase = Phase.ASKING;
            armDeadline();
            current = ask();
        }
    }

    private UpstreamCall ask() {
        return client.start(chain.head(), chain.body().framing(), chain.plan(), this);
    }

    private void armDeadline() {
        if (deadline == null) {
            Duration most = client.responseTimeout(chain.plan());
            long left = waitingSince + most.toNanos() - now();
            deadline = client.loop().schedule(this::late, Math.max(left, 0), TimeUnit.NANOSECONDS);
        }
    }

    private void late() {
        if (phase != Phase.ANSWERING) {
            fail(UpstreamFault.RESPONSE_TIMEOUT);
        }
    }

    private void fail(UpstreamFault fault) {
        if (phase == Phase.OVER) {
            return;
        }
        over();
        current.cancel();
        client.count(chain.plan(), fault);
        listener.onFailure(new UpstreamFailure(fault, false));
    }

    private void over() {
        phase = Phase.OVER;
        rest();
    }

    private void rest() {
        chain.body().forget();
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private long now() {
        return client.loop().ticker().nanoTime();
    }
}
