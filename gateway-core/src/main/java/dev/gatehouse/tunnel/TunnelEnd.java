package dev.gatehouse.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One side of a tunnel: passes what its channel receives to the other channel. Reads in {@code readComplete} only. */
final class TunnelEnd extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelEnd.class);

    private final Tunnel tunnel;
    private final Channel other;
    private long bytes;
    private boolean inputOver;

    TunnelEnd(Tunnel tunnel, Channel other) {
        this.tunnel = tunnel;
        this.other = other;
    }

    Channel other() {
        return other;
    }

    /** Bytes received on this side. */
    long bytes() {
        return bytes;
    }

    boolean isInputOver() {
        return inputOver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf data) {
            bytes += data.readableBytes();
            tunnel.moved();
            other.write(data, other.voidPromise());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        other.flush();
        if (other.isWritable() && !inputOver) {
            context.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            tunnel.moved();
            other.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputOver();
        }
    }

    /** Nothing more comes from this side. */
    void inputOver() {
        if (inputOver) {
            return;
        }
        inputOver = true;
        if (tunnel.areBothInputsOver()) {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> stopSending());
        }
    }

    private void stopSending() {
        SslHandler tls = other.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (other instanceof SocketChannel socket && socket.isActive()) {
            socket.shutdownOutput();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inputOver = true;
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        tunnel.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a side of a tunnel failed: {}", cause.toString());
        context.close();
    }
}
