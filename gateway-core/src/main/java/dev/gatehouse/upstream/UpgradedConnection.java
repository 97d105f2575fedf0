package dev.gatehouse.upstream;

import dev.gatehouse.upstream.wire.RequestEncoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;

/**
 * A connection to a service that speaks WebSocket from here on. It never returns to the pool; its permit is given back
 * when it closes. Event loop of the connection.
 */
public final class UpgradedConnection {
    private final ServiceConnection connection;
    private final Channel channel;

    UpgradedConnection(ServiceConnection connection) {
        this.connection = connection;
        this.channel = connection.channel();
    }

    /** Whether a 101 is the one that a WebSocket client waits for (RFC 6455 section 4.2.2). */
    static boolean accepts(HttpResponse head) {
        HttpHeaders headers = head.headers();
        List<String> protocols = headers.getAll(HttpHeaderNames.UPGRADE);
        return protocols.size() == 1
                && HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(
                        protocols.get(0).strip())
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT).size() == 1
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    public Channel channel() {
        return channel;
    }

    /** Puts {@code successor} where HTTP was. It gets the bytes that came behind the 101 before this returns. */
    public void handOver(ChannelHandler successor) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(successor);
        pipeline.remove(connection);
        pipeline.remove(RequestEncoder.class);
        // Last: what it has read too much goes to the successor now.
        pipeline.remove(connection.decoder());
    }

    public void close() {
        connection.close();
    }
}
