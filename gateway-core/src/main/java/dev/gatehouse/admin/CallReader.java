package dev.gatehouse.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whole requests of one connection into calls. Event loop of the connection. */
final class CallReader extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(CallReader.class);

    private final Resource resource;
    private @Nullable Call current;

    CallReader(Resource resource) {
        this.resource = resource;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (current != null && !current.isAnswered()) {
            // Answers would overtake each other. No client of these listeners pipelines.
            context.close();
            return;
        }
        boolean broken = request.decoderResult().isFailure();
        Call call = new Call(
                context.channel(),
                request.method(),
                request.uri(),
                request.headers(),
                ByteBufUtil.getBytes(request.content()),
                !broken && HttpUtil.isKeepAlive(request));
        current = call;
        if (broken) {
            call.refuse(400, "Bad Request");
            return;
        }
        try {
            resource.answer(call);
        } catch (RuntimeException e) {
            LOG.error("a resource of {} failed", context.channel().localAddress(), e);
            call.refuse(500, "Internal Server Error");
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection to {} failed", context.channel().localAddress(), cause);
        context.close();
    }
}
