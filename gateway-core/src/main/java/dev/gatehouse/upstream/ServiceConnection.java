package dev.gatehouse.upstream;

import dev.gatehouse.upstream.reach.Layers;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.ResponseDecoder;
import dev.gatehouse.upstream.wire.ResponseFields;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection and the response that is being read from it.
 *
 * <p>A response goes through {@code HEAD} (interim answers stay there), {@code BODY} and {@code COMPLETE}. It is handed
 * over as complete only when the burst of reading is over, because only then it is known whether anything follows it in
 * the same burst; a connection with surplus bytes never serves another call (RFC 9112 section 9.2). While a connection
 * rests, a read is outstanding, so that a close or an unasked byte is seen at once.
 */
final class ServiceConnection extends ChannelInboundHandlerAdapter {
    private enum Expected {
        NOTHING,
        HEAD,
        INTERIM_END,
        BODY,
        COMPLETE
    }

    private final TargetPool pool;
    private final Layers layers;
    private final ResponseDecoder decoder;
    private @Nullable Channel channel;
    private @Nullable StreamedCall call;
    private Expected expected = Expected.NOTHING;
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private boolean counted;
    private boolean reused;
    private boolean reusable = true;
    private boolean endsAtClose;
    private boolean failed;
    private boolean reading;
    private boolean readWanted;
    private int interim;
    private @Nullable HttpResponse switchingTo;
    private long keepNanos = Long.MAX_VALUE;
    private long restingSince;

    ServiceConnection(TargetPool pool, Layers layers, int maxHeaderBytes) {
        this.pool = pool;
        this.layers = layers;
        this.decoder = new ResponseDecoder(maxHeaderBytes);
    }

    ResponseDecoder decoder() {
        return decoder;
    }

    TargetPool pool() {
        return pool;
    }

    /** From now on the permit of this connection is given back when it closes. */
    void counted() {
        counted = true;
    }

    boolean isReused() {
        return reused;
    }

    boolean nothingReceived() {
        return !decoder.bytesSeen();
    }

    /** Whether more should be written now. */
    boolean isWritable() {
        return channel().isWritable();
    }

    /** Starts the exchange of a call: what is written next is its request, what arrives is its response. */
    void open(StreamedCall next, boolean toHead) {
        call = next;
        expected = Expected.HEAD;
        interim = 0;
        endsAtClose = false;
        trailers = EmptyHttpHeaders.INSTANCE;
        decoder.expect(toHead);
        channel().read();
    }

    /** The channel, for writing. */
    Channel channel() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    /** Whether a burst of reading is under way, in which Netty would lose another request to read. */
    boolean isReading() {
        return reading;
    }

    /** Asks for more when the burst is over. */
    void readLater() {
        readWanted = true;
    }

    void read() {
        channel().read();
    }

    /** Goes into the pool. */
    void rest(long now) {
        restingSince = now;
        channel().read();
    }

    boolean isUsable(long now) {
        return channel().isActive() && reusable && !isExpired(now) && isCurrent();
    }

    /** Keys and certificates that were read again apply at once, not when this connection ends some day. */
    private boolean isCurrent() {
        return layers.isCurrent(pool.client().tls());
    }

    boolean isExpired(long now) {
        return now - restingSince >= keepNanos;
    }

    /** Ends the connection; its call, if any, hears nothing more. */
    void close() {
        call = null;
        reusable = false;
        channel().close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        if (call == null || expected == Expected.COMPLETE || !(message instanceof HttpObject object)) {
            reusable = false;
            ReferenceCountUtil.release(message);
        } else if (object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            undecodable(object.decoderResult());
        } else if (object instanceof HttpResponse head) {
            head(call, head);
        } else if (object instanceof HttpContent content) {
            content(call, content);
        }
    }

    private void head(StreamedCall current, HttpResponse head) {
        int code = head.status().code();
        ResponseFields.Verdict verdict = current.judge(head.headers());
        if (verdict != ResponseFields.Verdict.FINE) {
            breakOff(verdict == ResponseFields.Verdict.TOO_LARGE ? UpstreamFault.TOO_LARGE : UpstreamFault.MALFORMED);
        } else if (code == 407 && pool.target().relay() != null) {
            // The client must not be asked for credentials of the gateway's own proxy.
            pool.client().notices().complain(pool.target(), "the proxy wants other credentials", null);
            breakOff(UpstreamFault.PROXY);
        } else if (code == 101) {
            switching(current, head);
        } else if (code < 200) {
            interim(current, head);
        } else {
            keepAlive(current, head);
            ResponseFields.removeHopByHop(head);
            expected = Expected.BODY;
            current.head(head);
        }
    }

    /** Only the answer to an upgrade that this very request asked for (RFC 9110 section 7.8). */
    private void switching(StreamedCall current, HttpResponse head) {
        if (current.rules().upgrade() && UpgradedConnection.accepts(head)) {
            ResponseFields.removeHopByHop(head);
            switchingTo = head;
            expected = Expected.INTERIM_END;
        } else {
            breakOff(UpstreamFault.MALFORMED);
        }
    }

    private void interim(StreamedCall current, HttpResponse head) {
        expected = Expected.INTERIM_END;
        if (++interim > current.rules().maxInterim()) {
            breakOff(UpstreamFault.MALFORMED);
        } else {
            ResponseFields.removeHopByHop(head);
            current.interim(head);
        }
    }

    private void keepAlive(StreamedCall current, HttpResponse head) {
        boolean framed =
                head.headers().contains(HttpHeaderNames.CONTENT_LENGTH) || HttpUtil.isTransferEncodingChunked(head);
        endsAtClose = !framed && !decoder.isWithoutBody(head);
        reusable &= HttpUtil.isKeepAlive(head);
        long idle = current.rules().idleNanos();
        int announced = ResponseFields.keepAliveSeconds(head.headers());
        // The service starts to count when it has sent the response: one second is left for the way.
        keepNanos = announced < 0
                ? idle
                : Math.min(idle, Math.max(0, TimeUnit.MILLISECONDS.toNanos(announced * 1000L - 1000)));
    }

    private void content(StreamedCall current, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (expected == Expected.INTERIM_END) {
            content.release();
            expected = last ? Expected.HEAD : expected;
            if (last && switchingTo != null) {
                upgraded(current, switchingTo);
            }
            return;
        }
        if (last) {
            trailers = ((LastHttpContent) content).trailingHeaders();
            expected = Expected.COMPLETE;
        }
        if (content.content().isReadable()) {
            current.data(content.content());
        } else {
            content.release();
        }
    }

    private void upgraded(StreamedCall current, HttpResponse head) {
        call = null;
        expected = Expected.NOTHING;
        reusable = false;
        current.upgraded(head, new UpgradedConnection(this));
    }

    private void undecodable(DecoderResult result) {
        Throwable cause = result.cause();
        if (cause instanceof PrematureChannelClosureException) {
            lost();
        } else {
            breakOff(cause instanceof TooLongFrameException ? UpstreamFault.TOO_LARGE : UpstreamFault.MALFORMED);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        if (decoder.surplusSeen() && reusable) {
            reusable = false;
            pool.ledger().countSurplus();
        }
        if (call == null && !reusable) {
            close();
        } else if (expected == Expected.COMPLETE) {
            complete();
        } else if (call != null && (expected == Expected.HEAD || expected == Expected.INTERIM_END)) {
            context.read();
        } else if (call != null) {
            boolean wanted = readWanted;
            readWanted = false;
            call.burstOver();
            if (wanted && call != null) {
                call.read();
            }
        }
    }

    private void complete() {
        StreamedCall done = call;
        call = null;
        expected = Expected.NOTHING;
        readWanted = false;
        if (done == null) {
            return;
        }
        ResponseFields.Verdict verdict = done.judge(trailers);
        if ((endsAtClose && !endedProperly()) || verdict != ResponseFields.Verdict.FINE) {
            close();
            done.broken(verdict == ResponseFields.Verdict.FINE ? UpstreamFault.TRUNCATED : UpstreamFault.MALFORMED);
            return;
        }
        HttpHeaders given = trailers;
        trailers = EmptyHttpHeaders.INSTANCE;
        ResponseFields.removeForbiddenTrailers(given);
        done.responseComplete();
        settle(done);
        done.complete(given);
    }

    /** A body that ends at the close of a TLS connection must end with its close_notify (RFC 9112 section 9.8). */
    private boolean endedProperly() {
        return !failed && Layers.endedProperly(channel());
    }

    private void settle(StreamedCall done) {
        if (reusable && done.isRequestEnded() && channel().isActive() && isCurrent()) {
            reused = true;
            pool.release(this);
        } else {
            close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (call != null) {
            call.writabilityChanged(context.channel().isWritable());
        }
    }

    /** A tunnel takes the channel over; the permit is given back when that ends. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (counted) {
            counted = false;
            context.channel().closeFuture().addListener(closed -> pool.closed(this));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        reusable = false;
        if (counted) {
            counted = false;
            pool.closed(this);
        }
        if (expected == Expected.COMPLETE) {
            complete();
        } else {
            lost();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        pool.client().notices().report(pool.target(), "connection failed", cause);
        failed = true;
        reusable = false;
        // Writing may have failed inside a step of the sender: it hears of it when that step is done.
        boolean ours = cause instanceof EncoderException;
        context.executor().execute(() -> {
            if (ours) {
                breakOff(UpstreamFault.UNSENDABLE);
            } else if (expected != Expected.COMPLETE) {
                lost();
            }
        });
    }

    private void lost() {
        StreamedCall current = call;
        close();
        if (current != null) {
            current.lost(this);
        }
    }

    private void breakOff(UpstreamFault fault) {
        StreamedCall current = call;
        close();
        if (current != null) {
            current.broken(fault);
        }
    }
}
