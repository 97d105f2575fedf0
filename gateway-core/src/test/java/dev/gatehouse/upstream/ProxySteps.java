package dev.gatehouse.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;

/** What a forward proxy does with CONNECT, as steps of a script. */
public final class ProxySteps {
    public static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

    private ProxySteps() {}

    /** Connects to the port, says so, and passes bytes on in both directions until one side closes. */
    public static ScriptedPeer.Step tunnelTo(int port) {
        return connection -> {
            Channel client = connection.channel();
            client.config().setAutoRead(false);
            new Bootstrap()
                    .group(client.eventLoop())
                    .channel(NioSocketChannel.class)
                    .handler(new PassOn(client))
                    .connect(NetUtil.LOCALHOST4, port)
                    .addListener((ChannelFutureListener) connected -> {
                        client.pipeline().removeLast();
                        client.pipeline().addLast(new PassOn(connected.channel()));
                        client.writeAndFlush(Unpooled.copiedBuffer(ESTABLISHED, StandardCharsets.ISO_8859_1));
                        client.config().setAutoRead(true);
                    });
        };
    }

    private static final class PassOn extends ChannelInboundHandlerAdapter {
        private final Channel other;

        private PassOn(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            other.writeAndFlush(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            other.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
