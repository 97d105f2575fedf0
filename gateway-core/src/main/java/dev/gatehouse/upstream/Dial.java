package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.upstream.wire.RequestEncoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to one new connection: name, TCP, TLS. Addresses are tried one after the other.
 *
 * <p>Ends exactly once: with {@link StreamedCall#connected}, with {@link StreamedCall#unreachable}, or by
 * {@link #cancel}, which also is how the call's deadline ends it. Whatever arrives later is closed.
 */
final class Dial {
    private static final int MAX_ADDRESSES = 4;

    private final TargetPool pool;
    private final StreamedCall call;
    private final UpstreamClient client;
    private boolean over;
    private UpstreamFault whenLate = UpstreamFault.DNS;
    private @Nullable Channel channel;

    Dial(TargetPool pool, StreamedCall call) {
        this.pool = pool;
        this.call = call;
        this.client = pool.client();
    }

    void start() {
        client.addresses()
                .resolve(pool.target(), client.loop())
                .addListener((Future<List<InetSocketAddress>> found) -> {
                    if (over) {
                        return;
                    }
                    if (found.isSuccess()) {
                        prepareTls(found.getNow()
                                .subList(
                                        0,
                                        Math.min(MAX_ADDRESSES, found.getNow().size())));
                    } else {
                        fail(UpstreamFault.DNS);
                    }
                });
    }

    /** Gives up; what the call's deadline means at this point. */
    UpstreamFault cancel() {
        if (!over) {
            over = true;
            Channel open = channel;
            if (open == null) {
                pool.closed(null);
            } else {
                open.close();
            }
        }
        return whenLate;
    }

    private void prepareTls(List<InetSocketAddress> addresses) {
        whenLate = UpstreamFault.CONNECT_TIMEOUT;
        if (pool.target().tls() == null) {
            connect(addresses, 0, null);
            return;
        }
        client.tls().context(pool.target().tls()).whenComplete((context, problem) -> {
            if (client.loop().inEventLoop()) {
                secured(addresses, context, problem);
            } else {
                client.execute(() -> secured(addresses, context, problem));
            }
        });
    }

    private void secured(List<InetSocketAddress> addresses, @Nullable SslContext context, @Nullable Throwable problem) {
        if (over) {
            return;
        }
        if (problem != null) {
            client.report(pool.target(), "TLS cannot be set up", problem);
            fail(UpstreamFault.TLS);
        } else {
            connect(addresses, 0, context);
        }
    }

    private void connect(List<InetSocketAddress> addresses, int index, @Nullable SslContext context) {
        long left = call.connectNanosLeft() / (addresses.size() - index);
        int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left)));
        ServiceConnection connection =
                new ServiceConnection(pool, client.limits().maxHeaderBytes());
        ChannelFuture connecting = client.bootstrap()
                .clone()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        assemble(fresh, connection, context);
                    }
                })
                .connect(addresses.get(index));
        channel = connecting.channel();
        connecting.addListener(done -> {
            if (over) {
                connecting.channel().close();
                pool.closed(null);
            } else if (!done.isSuccess()) {
                channel = null;
                tryNext(addresses, index, context, done.cause());
            } else {
                handshake(connection, connecting.channel());
            }
        });
    }

    private void assemble(Channel fresh, ServiceConnection connection, @Nullable SslContext context) {
        if (context != null) {
            Target target = pool.target();
            SslHandler tls = ClientTls.handler(context, target, fresh.alloc());
            tls.setHandshakeTimeoutMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(call.connectNanosLeft())));
            fresh.pipeline().addLast(tls);
        }
        fresh.pipeline().addLast(connection.decoder(), new RequestEncoder(), connection);
    }

    private void tryNext(List<InetSocketAddress> addresses, int index, @Nullable SslContext context, Throwable cause) {
        client.report(pool.target(), "cannot connect", cause);
        if (index + 1 < addresses.size() && call.connectNanosLeft() > 0) {
            connect(addresses, index + 1, context);
        } else {
            fail(cause instanceof ConnectTimeoutException ? UpstreamFault.CONNECT_TIMEOUT : UpstreamFault.REFUSED);
        }
    }

    private void handshake(ServiceConnection connection, Channel open) {
        connection.counted();
        SslHandler tls = open.pipeline().get(SslHandler.class);
        if (tls == null) {
            succeed(connection);
            return;
        }
        open.read();
        tls.handshakeFuture().addListener(done -> {
            if (over) {
                open.close();
            } else if (done.isSuccess()) {
                succeed(connection);
            } else {
                over = true;
                client.report(pool.target(), "TLS handshake failed", done.cause());
                open.close();
                call.unreachable(UpstreamFault.TLS);
            }
        });
    }

    private void succeed(ServiceConnection connection) {
        over = true;
        call.connected(connection);
    }

    private void fail(UpstreamFault fault) {
        over = true;
        pool.closed(null);
        call.unreachable(fault);
    }
}
