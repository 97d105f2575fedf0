package dev.gatehouse.server;

import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.server.connection.ClientWaits;
import dev.gatehouse.server.connection.ConnectionDeadline;
import dev.gatehouse.server.connection.ConnectionDeadline.Wait;
import dev.gatehouse.server.connection.ConnectionEvent;
import dev.gatehouse.server.connection.Farewell;
import dev.gatehouse.server.request.RequestDecoder;
import dev.gatehouse.server.response.ClientOutput;
import dev.gatehouse.server.response.ResponseEncoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection: hands requests one after the other to exchanges and writes what they answer.
 *
 * <p>Idea: auto-read is off. A message that the current exchange cannot take yet waits in {@code pending}; while
 * something waits, nothing more is read, so a connection keeps at most what one read brought. One read stays asked for
 * whenever nothing waits, so that a client that leaves is noticed. Reads are asked for in {@link #advance} only, never
 * inside {@code channelRead}. Everything is written without flush; the end of a burst flushes once.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final ServerLoop loop;
    private final Peer peer;
    private final ClientOutput output;
    private final Queue<HttpObject> pending = new ArrayDeque<>(4);
    private final Channel channel;
    private final ClientWaits waits;
    private final Farewell farewell;
    private @Nullable HttpExchange exchange;
    private LimitsConfig limits;
    private int requests;
    private boolean headUnderWay;
    private boolean readAsked;
    private boolean inRead;
    private boolean advancing;
    private boolean inputOver;
    private boolean lastResponse;

    HttpConnection(Channel channel, ServerLoop loop, Peer peer, ResponseEncoder encoder) {
        this.channel = channel;
        this.loop = loop;
        this.peer = peer;
        this.output = new ClientOutput(channel, encoder);
        this.limits = loop.served().get().limits();
        this.waits = new ClientWaits(
                channel, output, new ConnectionDeadline(channel.eventLoop(), loop.ticker(), this::expired));
        this.farewell = new Farewell(channel, waits);
    }

    ServerLoop loop() {
        return loop;
    }

    Peer peer() {
        return peer;
    }

    Channel channel() {
        return channel;
    }

    boolean isInputOver() {
        return inputOver;
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /** Starts to read. Called once, when the connection is ready for its first request. */
    void start() {
        advance();
    }

    /** Bytes arrived in front of the decoder; a head may begin. */
    void bytesArrived() {
        if (exchange == null && !headUnderWay) {
            headUnderWay = true;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        inRead = true;
        readAsked = false;
        HttpObject object = (HttpObject) message;
        if (pending.isEmpty() && takes(object)) {
            handle(object);
        } else {
            pending.add(object);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inRead = false;
        readAsked = false;
        if (exchange != null) {
            exchange.body().flush();
        }
        advance();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null && context.channel().isWritable()) {
            exchange.response().clientIsWritable();
        }
        advance();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ConnectionEvent.DRAIN) {
            lastResponse = true;
            if (exchange == null && !headUnderWay && pending.isEmpty()) {
                lastResponse = true;
                farewell.closeWhenWritten();
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            inputOver = true;
            clientStoppedSending();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inputOver = true;
        waits.close();
        HttpExchange current = exchange;
        exchange = null;
        releasePending();
        if (current != null) {
            current.clientLeft();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // What a peer does to its connection is no event for the operator; a bug of ours is.
        if (cause instanceof RuntimeException && !(cause instanceof DecoderException)) {
            LOG.error("unexpected failure on a client connection", cause);
        } else {
            LOG.debug("client connection failed: {}", cause.toString());
        }
        abort();
    }

    /** Hands on what waits, asks for more and arms the deadline of the state that results. */
    void advance() {
        if (inRead || advancing) {
            return;
        }
        handlePending();
        if (exchange != null) {
            exchange.body().flush();
            if (inputOver && pending.isEmpty() && !exchange.body().isComplete()) {
                // The rest of the body will never come.
                abort();
            }
        }
        output.flush();
        if (pending.isEmpty() && !inputOver && !readAsked && farewell.mayRead() && !holdsBytes()) {
            readAsked = true;
            channel.read();
        }
        armDeadline();
    }

    /** Bytes behind a WebSocket handshake wait in the decoder: no more of them until it is answered. */
    private boolean holdsBytes() {
        return exchange != null
                && exchange.received().asksForWebSocket()
                && channel.pipeline().get(RequestDecoder.class).holdsBytes();
    }

    private void handlePending() {
        advancing = true;
        try {
            while (!pending.isEmpty() && takes(pending.element())) {
                handle(pending.remove());
            }
        } catch (RuntimeException e) {
            // Often called by somebody else's callback, who could not tell this connection.
            LOG.error("unexpected failure on a client connection", e);
            abort();
        } finally {
            advancing = false;
        }
    }

    /** What the current exchange writes to. */
    ClientOutput output() {
        return output;
    }

    /** Whether the next response says {@code Connection: close}. */
    boolean isLast() {
        return lastResponse || loop.draining().get() || requests >= limits.maxRequestsPerConnection();
    }

    /** No further request is taken on this connection. */
    void closeAfterResponse() {
        lastResponse = true;
    }

    /** The current exchange is over and its response completely written. */
    void exchangeDone(boolean announcedClose, boolean requestComplete) {
        if (exchange != null && exchange.received().asksForWebSocket()) {
            eventLoop().execute(() -> RequestDecoder.resume(channel.pipeline()));
        }
        exchange = null;
        if (announcedClose || inputOver) {
            lastResponse = true;
            output.flush();
            if (requestComplete && pending.isEmpty()) {
                farewell.closeWhenWritten();
            } else {
                farewell.linger();
            }
        }
        advance();
    }

    /** Nothing of HTTP is written from here on; what is read goes on to the decoder until {@link #giveRest}. */
    void leaveTo(ChannelHandler successor) {
        waits.close();
        exchange = null;
        channel.pipeline().addLast(successor);
        channel.pipeline().remove(this);
        channel.pipeline().remove(ResponseEncoder.class);
    }

    /** Takes the decoder away; bytes that it held go to the successor. */
    void giveRest() {
        channel.pipeline().remove(RequestDecoder.class);
    }

    /** Cuts the connection so that the client sees an incomplete message. */
    void abort() {
        farewell.cut();
    }

    private boolean takes(HttpObject object) {
        if (object instanceof HttpRequest) {
            return exchange == null && (lastResponse || channel.isWritable());
        }
        return exchange == null || exchange.body().wants();
    }

    private void handle(HttpObject object) {
        headUnderWay = false;
        if (farewell.isSaid()) {
            farewell.discard(object);
        } else if (object instanceof HttpRequest request) {
            begin(request);
        } else if (exchange == null) {
            ReferenceCountUtil.release(object);
        } else if (object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(object);
            closeAfterResponse();
            exchange.refuseBody(Refusal.BAD_REQUEST);
        } else {
            waits.clear();
            exchange.body().deliver((HttpContent) object);
        }
    }

    private void begin(HttpRequest request) {
        requests++;
        waits.clear();
        Served served = loop.served().get();
        limits = served.limits();
        HttpExchange next = new HttpExchange(this, served, request);
        exchange = next;
        next.start();
    }

    private void clientStoppedSending() {
        HttpExchange current = exchange;
        if (current == null) {
            if (pending.isEmpty()) {
                lastResponse = true;
                farewell.closeWhenWritten();
            }
            advance();
        } else if (!current.body().isComplete() && pending.isEmpty()) {
            // The rest of the body will never come.
            abort();
        } else {
            lastResponse = true;
        }
    }

    private void armDeadline() {
        if (!farewell.isTaken()) {
            waits.arm(
                    exchange == null ? null : exchange.body(),
                    pending.isEmpty(),
                    headUnderWay && !farewell.isSaid(),
                    requests == 0,
                    limits);
        }
    }

    private void expired(Wait wait) {
        switch (wait) {
            case WRITE -> {
                if (!waits.wroteSomething(limits)) {
                    abort();
                }
            }
            case HEAD -> {
                closeAfterResponse();
                Served served = loop.served().get();
                HttpExchange late = HttpExchange.withoutRequest(this, served);
                exchange = late;
                late.refuse(Refusal.REQUEST_TIMEOUT);
            }
            case BODY -> {
                closeAfterResponse();
                if (exchange != null) {
                    exchange.refuseBody(Refusal.REQUEST_TIMEOUT);
                }
            }
            case NEXT_REQUEST, LINGER -> channel.close();
            case NOTHING -> {}
        }
    }

    private void releasePending() {
        HttpObject object = pending.poll();
        while (object != null) {
            ReferenceCountUtil.release(object);
            object = pending.poll();
        }
    }
}
