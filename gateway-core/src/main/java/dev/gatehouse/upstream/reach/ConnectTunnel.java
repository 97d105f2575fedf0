package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.Target;
import dev.gatehouse.upstream.wire.RequestEncoder;
import dev.gatehouse.upstream.wire.ResponseDecoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;

/**
 * Asks a proxy for a tunnel to the service (RFC 9110 section 9.3.6) and then leaves the connection to whoever stands
 * behind it: only then they hear that the channel is active. Bytes that follow the answer belong to nobody, because the
 * client speaks first in TLS; they end the connection.
 *
 * <p>Netty's own handler for this keeps the end of a connection to itself as long as the tunnel is not there, so that
 * its permit would never be given back, and waits for the end of an answer that it has not understood.
 */
final class ConnectTunnel extends ChannelInboundHandlerAdapter {
    private static final int MAX_HEADER_BYTES = 16 * 1024;

    private final Target target;
    private final ForwardProxy proxy;
    private final Promise<Void> up;
    private final ResponseDecoder decoder = new ResponseDecoder(MAX_HEADER_BYTES);
    private final RequestEncoder encoder = new RequestEncoder();
    private boolean accepted;

    private ConnectTunnel(Target target, ForwardProxy proxy, Promise<Void> up) {
        this.target = target;
        this.proxy = proxy;
        this.up = up;
    }

    /** Adds the handlers of a tunnel to a channel that is not connected yet. */
    static ConnectTunnel addTo(Channel fresh, Target target, ForwardProxy proxy) {
        ConnectTunnel tunnel =
                new ConnectTunnel(target, proxy, fresh.eventLoop().newPromise());
        fresh.pipeline().addLast(tunnel.decoder, tunnel.encoder, tunnel);
        return tunnel;
    }

    /** Done when the tunnel is there; fails with what the proxy did instead. */
    Future<Void> up() {
        return up;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        String authority =
                (target.host().indexOf(':') >= 0 ? '[' + target.host() + ']' : target.host()) + ':' + target.port();
        HttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority);
        request.headers().set(HttpHeaderNames.HOST, authority);
        if (proxy.authorization() != null) {
            request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, proxy.authorization());
        }
        // There is no body, whatever the fields of the answer say: RFC 9112 section 6.3, rule 2.
        decoder.expect(true);
        context.writeAndFlush(request, context.voidPromise());
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse answer && !up.isDone()) {
            if (answer.decoderResult().isFailure()) {
                fail(context, new Refused("the answer of the proxy cannot be understood"));
            } else if (answer.status().codeClass() == HttpStatusClass.SUCCESS) {
                accepted = true;
            } else if (answer.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                fail(context, new Refused("the proxy answers " + answer.status().code()));
            }
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (up.isDone()) {
            return;
        }
        if (!accepted) {
            context.read();
        } else if (decoder.surplusSeen()) {
            fail(context, new Refused("the proxy sends more than its answer"));
        } else {
            context.pipeline().remove(decoder);
            context.pipeline().remove(encoder);
            context.fireChannelActive();
            context.pipeline().remove(this);
            up.trySuccess(null);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        up.tryFailure(new Refused("the proxy closes the connection"));
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        up.tryFailure(cause);
        context.close();
    }

    /** An expected failure: without stack trace. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
