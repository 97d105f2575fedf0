package dev.gatehouse.server.connection;

import dev.gatehouse.server.request.RequestBody;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a client connection ends behind its last response: the client must be able to read that response, even when it is
 * still sending (RFC 9112 section 9.6). Event loop of the connection.
 */
public final class Farewell {
    // The package in this name is what log lines name their event by: the server side is one.
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.server.Farewell");
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Channel channel;
    private final ClientWaits waits;
    private int drained;
    private boolean said;
    private boolean lingering;
    private boolean taken;

    public Farewell(Channel channel, ClientWaits waits) {
        this.channel = channel;
        this.waits = waits;
    }

    /** Whether the last response is written. */
    public boolean isSaid() {
        return said;
    }

    /** Whether the last response has left and only the client's close is waited for. */
    public boolean isTaken() {
        return taken;
    }

    /** Whether there is a use for more of what the client sends. */
    public boolean mayRead() {
        return !said || lingering;
    }

    /** Ends the connection once the client has taken its last response; nothing more is read. */
    public void closeWhenWritten() {
        said = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Ends this side of the connection and reads on for a while. */
    public void linger() {
        said = true;
        lingering = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                stopSending();
                taken = true;
                waits.linger(LINGER);
            }
        });
    }

    /** Reads what a client still sends behind its last response, within bounds. Takes {@code object}. */
    public void discard(HttpObject object) {
        if (object instanceof HttpContent content) {
            drained += content.content().readableBytes();
        }
        ReferenceCountUtil.release(object);
        if (drained > RequestBody.MAX_DRAINED) {
            channel.close();
        }
    }

    /** Cuts the connection so that the client sees an incomplete message. */
    public void cut() {
        if (channel instanceof SocketChannel socket && socket.isActive()) {
            try {
                // Without a length the end of a message is the end of the connection: only a reset tells it was cut.
                socket.config().setSoLinger(0);
            } catch (ChannelException e) {
                LOG.debug("no reset on a closed connection: {}", e.toString());
            }
        }
        // Below TLS, whose close notification would say that the message is complete.
        channel.pipeline().firstContext().close();
    }

    private void stopSending() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof SocketChannel socket) {
            socket.shutdownOutput();
        }
    }
}
