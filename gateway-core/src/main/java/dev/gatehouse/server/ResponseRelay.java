package dev.gatehouse.server;

import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.server.request.WebSocketHandshake;
import dev.gatehouse.server.response.OutgoingResponse;
import dev.gatehouse.server.response.ReplyBody;
import dev.gatehouse.server.response.TrailerFields;
import dev.gatehouse.upstream.UpgradedConnection;
import dev.gatehouse.upstream.UpstreamCall;
import dev.gatehouse.upstream.UpstreamListener;
import dev.gatehouse.upstream.reach.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The response of one exchange: from a service, piece by piece, or made by the gateway.
 *
 * <p>Backpressure: the service is asked for more only while the client's connection is writable. Whatever goes wrong
 * before the head is sent becomes a refusal; afterwards the connection is cut, because only that tells the client that
 * the message is incomplete.
 */
final class ResponseRelay implements UpstreamListener {
    static final int CLIENT_LEFT = 499;

    private static final Logger LOG = LoggerFactory.getLogger(ResponseRelay.class);
    private static final String REQUEST_ID = "x-request-id";

    private final HttpExchange exchange;
    private final HttpConnection connection;
    private final AccessTrail trail;
    private final OutgoingResponse response = new OutgoingResponse();
    private boolean started;
    private boolean chunked;
    private boolean announcedClose;
    private boolean preserveCase;
    private boolean failing;
    private @Nullable UpstreamCall call;

    ResponseRelay(HttpExchange exchange, HttpConnection connection) {
        this.exchange = exchange;
        this.connection = connection;
        this.trail = new AccessTrail(exchange);
    }

    /** Streams the request to a service and its answer back. */
    void relay(ForwardPlan plan) {
        preserveCase = plan.preserveHeaderCase();
        trail.forwarded(plan);
        call = new Forwarding(exchange, connection.loop().upstream(), this).start(plan);
    }

    /** Sends a reply of the gateway. */
    void reply(Reply reply) {
        trail.refused(reply.refusal());
        if (started) {
            cut(reply);
            return;
        }
        Reply.Content content = ReplyBody.of(
                reply, exchange.request().headers(), exchange.served().compat().bodies(), exchange.id());
        response.made(reply, content);
        if (open()) {
            if (mayHaveBody()) {
                write(Unpooled.wrappedBuffer(content.bytes()));
            }
            close(EmptyHttpHeaders.INSTANCE);
        }
    }

    /** Ends the exchange with a refusal, or, when the head is out, by cutting the connection. */
    void fail(Refusal refusal) {
        fail(Reply.refuse(refusal));
    }

    /** The same with a reply of its own. */
    void fail(Reply reply) {
        if (exchange.isOver()) {
            return;
        }
        cancel();
        trail.refused(reply.refusal());
        if (started || failing) {
            // A hook that fails again on the refusal of its own failure: nothing more can be said.
            cut(reply);
        } else {
            failing = reply.refusal() == Refusal.POLICY_FAILED;
            reply(reply);
        }
    }

    /** Ends the exchange without the rest of its response; the log tells the status that the client saw. */
    private void cut(Reply reply) {
        exchange.end(started ? status() : reply.status());
        connection.abort();
    }

    /** Gives the service up. */
    void cancel() {
        UpstreamCall running = call;
        call = null;
        if (running != null) {
            running.cancel();
        }
        response.dropHeld();
    }

    /** The client took what was written; the service may go on. */
    void clientIsWritable() {
        if (call != null && started) {
            call.read();
        }
    }

    void log(int status) {
        trail.write(status, connection);
    }

    @Override
    public void onReady() {
        UpstreamCall ready = call;
        if (ready != null) {
            exchange.body().streamTo(ready);
            exchange.wantBody();
        }
    }

    @Override
    public void onInterim(HttpResponse interim) {
        boolean is100 = interim.status().code() == HttpResponseStatus.CONTINUE.code();
        if (!is100 && exchange.request().protocolVersion().isKeepAliveDefault()) {
            connection.output().interim(interim);
        }
    }

    @Override
    public void onHead(HttpResponse head) {
        response.relayed(head);
        trail.answered(status());
        if (status() >= 300) {
            // The service decided without the rest of the request and takes no more of it.
            exchange.body().drop();
        }
        open();
    }

    @Override
    public void onUpgrade(HttpResponse head, UpgradedConnection service) {
        call = null;
        response.relayed(head);
        trail.answered(status());
        if (!passesHooks()) {
            service.close();
            return;
        }
        started = true;
        response.abortTransforms();
        response.dropHeld();
        HttpResponse message = response.message();
        message.headers().set(REQUEST_ID, exchange.id());
        WebSocketHandshake.mark(message.headers());
        connection.output().switching(message, preserveCase);
        WebSocketUpgrade.join(connection, service, exchange.served(), tunnel -> {
            trail.tunnelled(tunnel);
            exchange.end(HttpResponseStatus.SWITCHING_PROTOCOLS.code());
        });
    }

    @Override
    public void onData(ByteBuf data) {
        if (response.isHeld()) {
            hold(data);
        } else if (started && !exchange.isOver()) {
            write(data);
        } else {
            data.release();
        }
    }

    @Override
    public void onReadComplete() {
        connection.output().flush();
        if (call != null && (response.isHeld() || connection.output().isWritable())) {
            call.read();
        }
    }

    @Override
    public void onWritable() {
        connection.advance();
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        call = null;
        if (response.isHeld()) {
            edit();
        }
        if (started && !exchange.isOver()) {
            close(trailers);
        }
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
        call = null;
        trail.failed(failure);
        if (!exchange.isOver()) {
            fail(failure.refusal());
        }
    }

    /** Runs the hooks and sends the head. False when the response became another one. */
    private boolean open() {
        if (!passesHooks()) {
            return false;
        }
        if (!response.fromUpstream() || !mayHaveBody()) {
            response.dropHeld();
        }
        if (!response.isHeld()) {
            begin();
        }
        return true;
    }

    private boolean passesHooks() {
        try {
            exchange.runHooks(response);
        } catch (RuntimeException e) {
            LOG.error("a response hook of request {} failed", exchange.id(), e);
            abortTransforms();
            fail(Refusal.POLICY_FAILED);
            return false;
        }
        Reply other = response.takeReplacement();
        if (other != null) {
            cancel();
            abortTransforms();
            reply(other);
            return false;
        }
        return true;
    }

    private void begin() {
        started = true;
        frame();
        connection.output().head(response.message(), isToHead(), preserveCase && response.fromUpstream());
    }

    private void hold(ByteBuf data) {
        if (!response.hold(data)) {
            begin();
            write(response.give());
        }
    }

    private void edit() {
        ByteBuf edited;
        try {
            edited = response.edited();
        } catch (RuntimeException e) {
            LOG.error("an edit of the response to request {} failed", exchange.id(), e);
            fail(Refusal.POLICY_FAILED);
            return;
        }
        begin();
        write(edited);
    }

    /** Decides how the client finds the end of the message (RFC 9112 section 6.3). */
    private void frame() {
        boolean http11 = exchange.request().protocolVersion().isKeepAliveDefault();
        chunked = response.frame(mayHaveBody(), http11);
        if (chunked && !http11) {
            connection.closeAfterResponse();
        }
        if (!exchange.body().isRestCheap()) {
            connection.closeAfterResponse();
        }
        announcedClose = connection.isLast();
        // RFC 9112 section 2.3: the version is that of whoever sends the message, not that of the service.
        response.message().setProtocolVersion(HttpVersion.HTTP_1_1);
        HttpHeaders headers = response.message().headers();
        if (announcedClose) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        headers.set(REQUEST_ID, exchange.id());
    }

    private boolean mayHaveBody() {
        return !isToHead() && response.statusAllowsBody();
    }

    private int status() {
        return response.message().status().code();
    }

    private boolean isToHead() {
        return exchange.received().method().equals(HttpMethod.HEAD);
    }

    private void write(ByteBuf data) {
        if (!response.isTransformed()) {
            send(data);
            return;
        }
        try {
            response.transform(data, this::send);
        } catch (RuntimeException e) {
            LOG.error("a body transform of request {} failed", exchange.id(), e);
            fail(Refusal.POLICY_FAILED);
        }
    }

    private void send(ByteBuf data) {
        trail.sent(data.readableBytes());
        connection.output().data(data);
    }

    private void close(HttpHeaders trailers) {
        if (exchange.isOver() || !endTransforms()) {
            return;
        }
        connection.output().end(chunked ? TrailerFields.clean(trailers) : EmptyHttpHeaders.INSTANCE);
        boolean requestComplete =
                exchange.body().isComplete() && !exchange.received().isUnreadable();
        exchange.body().drop();
        exchange.end(status());
        connection.exchangeDone(announcedClose, requestComplete);
    }

    private boolean endTransforms() {
        if (!response.isTransformed()) {
            return true;
        }
        try {
            response.endTransforms(this::send);
            return true;
        } catch (RuntimeException e) {
            LOG.error("a body transform of request {} failed", exchange.id(), e);
            fail(Refusal.POLICY_FAILED);
            return false;
        }
    }

    /** Frees what the transforms keep. */
    void abortTransforms() {
        response.abortTransforms();
    }
}
