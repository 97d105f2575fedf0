package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.upstream.reach.Layers;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.RequestEncoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to one new connection: name, TCP or Unix domain socket, proxy, TLS. Addresses are tried one after the other.
 *
 * <p>Ends exactly once: with {@link StreamedCall#connected}, with {@link StreamedCall#unreachable}, or by
 * {@link #cancel}, which also is how the call's deadline ends it. Whatever arrives later is closed.
 */
final class Dial {
    private static final int MAX_ADDRESSES = 4;

    private final TargetPool pool;
    private final StreamedCall call;
    private final UpstreamClient client;
    private final Target target;
    // The peer of the connection: the proxy, if there is one, else the target.
    private final Target hop;
    private boolean over;
    private UpstreamFault whenLate;
    private @Nullable Channel channel;

    Dial(TargetPool pool, StreamedCall call) {
        this.pool = pool;
        this.call = call;
        this.client = pool.client();
        this.target = pool.target();
        this.hop = target.way().proxy() == null ? target : target.way().proxy().asTarget();
        this.whenLate = fault(UpstreamFault.DNS);
    }

    void start() {
        Path socket = target.way().socket();
        if (socket != null) {
            prepare(List.of(client.localAddress(socket)));
            return;
        }
        client.addresses().resolve(hop, client.loop()).addListener((Future<List<InetSocketAddress>> found) -> {
            if (over) {
                return;
            }
            if (found.isSuccess()) {
                prepare(usable(found.getNow()));
            } else {
                fail(fault(UpstreamFault.DNS));
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

    /** What went wrong, or what it means when a proxy is in between. */
    private UpstreamFault fault(UpstreamFault direct) {
        if (target.way().proxy() == null) {
            return direct;
        }
        return direct == UpstreamFault.CONNECT_TIMEOUT ? UpstreamFault.PROXY_TIMEOUT : UpstreamFault.PROXY;
    }

    /** A source address reaches addresses of its own family only. */
    private List<SocketAddress> usable(List<InetSocketAddress> found) {
        InetAddress from = target.way().from();
        return found.stream()
                .filter(address ->
                        from == null || from.getClass() == address.getAddress().getClass())
                .limit(MAX_ADDRESSES)
                .map(SocketAddress.class::cast)
                .toList();
    }

    private void prepare(List<SocketAddress> addresses) {
        whenLate = fault(UpstreamFault.CONNECT_TIMEOUT);
        if (addresses.isEmpty()) {
            client.notices().complain(target, "no address of the family of 'localAddress'", null);
            fail(fault(UpstreamFault.REFUSED));
            return;
        }
        Layers.of(target, client.tls()).whenComplete((layers, problem) -> {
            if (client.loop().inEventLoop()) {
                prepared(addresses, layers, problem);
            } else {
                client.execute(() -> prepared(addresses, layers, problem));
            }
        });
    }

    private void prepared(List<SocketAddress> addresses, @Nullable Layers layers, @Nullable Throwable problem) {
        if (over) {
            return;
        }
        if (problem != null) {
            client.notices().report(target, "TLS cannot be set up", problem);
            fail(UpstreamFault.TLS);
        } else if (layers != null) {
            connect(addresses, 0, layers);
        }
    }

    private void connect(List<SocketAddress> addresses, int index, Layers layers) {
        long left = call.connectNanosLeft() / (addresses.size() - index);
        int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left)));
        List<Layers.Layer> rising = new ArrayList<>(3);
        ServiceConnection connection =
                new ServiceConnection(pool, layers, client.limits().maxHeaderBytes());
        ChannelFuture connecting = client.bootstrap(target)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        long handshake = Math.max(1, TimeUnit.NANOSECONDS.toMillis(call.connectNanosLeft()));
                        rising.addAll(layers.addTo(fresh, handshake));
                        fresh.pipeline().addLast(connection.decoder(), new RequestEncoder(), connection);
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
                tryNext(addresses, index, layers, done.cause());
            } else {
                connection.counted();
                rise(connection, connecting.channel(), rising.iterator());
            }
        });
    }

    private void tryNext(List<SocketAddress> addresses, int index, Layers layers, Throwable cause) {
        if (target.way().from() == null) {
            client.notices().report(target, "cannot connect", cause);
        } else {
            client.notices().complain(target, "cannot connect from 'localAddress'", cause);
        }
        if (index + 1 < addresses.size() && call.connectNanosLeft() > 0) {
            connect(addresses, index + 1, layers);
        } else {
            boolean late = cause instanceof ConnectTimeoutException;
            fail(fault(late ? UpstreamFault.CONNECT_TIMEOUT : UpstreamFault.REFUSED));
        }
    }

    /** Waits for one layer after the other. */
    private void rise(ServiceConnection connection, Channel open, Iterator<Layers.Layer> layers) {
        if (!layers.hasNext()) {
            over = true;
            client.notices().reached(target);
            call.connected(connection);
            return;
        }
        Layers.Layer layer = layers.next();
        whenLate = layer.whenLate();
        open.read();
        layer.up().addListener(done -> {
            if (over) {
                open.close();
            } else if (done.isSuccess()) {
                rise(connection, open, layers);
            } else {
                over = true;
                if (layer.fault() == UpstreamFault.PROXY) {
                    client.notices().complain(target, layer.what(), done.cause());
                } else {
                    client.notices().report(target, layer.what(), done.cause());
                }
                open.close();
                call.unreachable(layer.fault());
            }
        });
    }

    private void fail(UpstreamFault fault) {
        over = true;
        pool.closed(null);
        call.unreachable(fault);
    }
}
