package dev.gatehouse.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Reads the server name that a client wants and goes on with the identity that fits. One connection, its event loop. */
final class NameSelection extends AbstractSniHandler<ServerIdentity> {
    static final AttributeKey<ServerIdentity> IDENTITY = AttributeKey.valueOf(NameSelection.class, "identity");
    static final AttributeKey<String> SERVER_NAME = AttributeKey.valueOf(NameSelection.class, "serverName");
    // A ClientHello with post-quantum key shares and many extensions stays below a fifth of this.
    private static final int MAX_CLIENT_HELLO_BYTES = 16 * 1024;

    private final List<ServerIdentity> identities;

    NameSelection(List<ServerIdentity> identities, long timeoutMillis) {
        super(MAX_CLIENT_HELLO_BYTES, timeoutMillis);
        this.identities = identities;
    }

    @Override
    protected Future<ServerIdentity> lookup(ChannelHandlerContext context, @Nullable String name) {
        ServerIdentity otherwise = null;
        for (ServerIdentity identity : identities) {
            if (name != null && identity.matches(name)) {
                return context.executor().newSucceededFuture(identity);
            }
            otherwise = identity.isDefault() ? identity : otherwise;
        }
        return otherwise == null
                ? context.executor().newFailedFuture(new SSLHandshakeException("no certificate for this name"))
                : context.executor().newSucceededFuture(otherwise);
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext context, @Nullable String name, Future<ServerIdentity> found) {
        if (!found.isSuccess()) {
            context.close();
            throw new DecoderException(found.cause());
        }
        ServerIdentity identity = found.getNow();
        context.channel().attr(IDENTITY).set(identity);
        context.channel().attr(SERVER_NAME).set(name);
        SslHandler tls = identity.handler(context.alloc());
        tls.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
        boolean placed = false;
        try {
            context.pipeline().replace(this, SslHandler.class.getName(), tls);
            placed = true;
        } finally {
            if (!placed) {
                ReferenceCountUtil.safeRelease(tls.engine());
            }
        }
    }
}
