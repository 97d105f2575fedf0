package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.Target;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out whether somebody accepts connections at a target: one attempt at its first address, closed at once, nothing
 * is sent. Event loop of its addresses.
 */
public record Knock(EventLoop loop, NameResolution addresses, Bootstrap bootstrap, Duration timeout) {
    /** Completes {@code reached} exactly once; false for a target behind a proxy, because only a request would tell. */
    public void at(Target target, CompletableFuture<Boolean> reached) {
        if (target.way().proxy() != null || target.way().socket() != null) {
            reached.complete(false);
            return;
        }
        addresses.resolve(target, loop).addListener((Future<List<InetSocketAddress>> found) -> {
            if (found.isSuccess()) {
                connect(found.getNow().get(0), reached);
            } else {
                reached.complete(false);
            }
        });
    }

    private void connect(InetSocketAddress address, CompletableFuture<Boolean> reached) {
        ChannelFuture connecting = bootstrap
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, timeout.toMillis()))
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address);
        connecting.addListener(done -> {
            connecting.channel().close();
            reached.complete(done.isSuccess());
        });
    }
}
