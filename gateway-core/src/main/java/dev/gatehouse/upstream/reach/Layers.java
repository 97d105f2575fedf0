package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.tls.ClientTls;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a connection and the HTTP spoken over it, from outside to inside: TLS to the forward proxy, the
 * tunnel through it, TLS to the service. Each may be missing; a tunnel is there exactly when the target has both a
 * proxy and TLS, so that the proxy sees neither requests nor credentials of the service.
 */
public final class Layers {
    private static final String PROXY_TLS = "proxy-tls";
    private static final String SERVICE_TLS = "tls";

    /**
     * One layer that is being set up.
     *
     * @param what what its failure is called in the log
     * @param up done when it is usable
     * @param fault what its failure means
     * @param whenLate what it means when it takes too long
     */
    public record Layer(String what, Future<?> up, UpstreamFault fault, UpstreamFault whenLate) {}

    private final Target target;
    private final @Nullable SslContext toProxy;
    private final @Nullable SslContext toService;

    private Layers(Target target, @Nullable SslContext toProxy, @Nullable SslContext toService) {
        this.target = target;
        this.toProxy = toProxy;
        this.toService = toService;
    }

    /** The layers of a target; completes at once when no TLS files have to be read. */
    public static CompletionStage<Layers> of(Target target, ClientTls tls) {
        ForwardProxy proxy = target.way().proxy();
        TlsSettings ofProxy = proxy == null ? null : proxy.tls();
        if (ofProxy == null && target.tls() == null) {
            return CompletableFuture.completedFuture(new Layers(target, null, null));
        }
        if (ofProxy == null) {
            return context(target.tls(), tls).thenApply(service -> new Layers(target, null, service));
        }
        if (target.tls() == null) {
            return context(ofProxy, tls).thenApply(outer -> new Layers(target, outer, null));
        }
        return context(ofProxy, tls)
                .thenCombine(context(target.tls(), tls), (outer, service) -> new Layers(target, outer, service));
    }

    private static CompletionStage<SslContext> context(@Nullable TlsSettings settings, ClientTls tls) {
        return tls.context(settings == null ? TlsSettings.DEFAULT : settings);
    }

    /** Whether a connection through these layers is as good as a new one; see {@link ClientTls#isCurrent}. */
    public boolean isCurrent(ClientTls tls) {
        TlsSettings ofProxy =
                target.way().proxy() == null ? null : target.way().proxy().tls();
        TlsSettings ofService = target.tls();
        return (toProxy == null || ofProxy == null || tls.isCurrent(ofProxy, toProxy))
                && (toService == null || ofService == null || tls.isCurrent(ofService, toService));
    }

    /**
     * Adds the handlers to a fresh channel, and returns the layers in the order in which they will come up.
     *
     * @param handshakeMillis bound of each TLS handshake
     */
    public List<Layer> addTo(Channel fresh, long handshakeMillis) {
        List<Layer> layers = new ArrayList<>(3);
        ForwardProxy proxy = target.way().proxy();
        if (proxy != null && toProxy != null) {
            SslHandler outer = handler(toProxy, proxy.asTarget(), fresh, handshakeMillis);
            fresh.pipeline().addLast(PROXY_TLS, outer);
            layers.add(proxyLayer("TLS handshake with the proxy failed", outer.handshakeFuture()));
        }
        if (proxy != null && toService != null) {
            ConnectTunnel tunnel = ConnectTunnel.addTo(fresh, target, proxy);
            layers.add(proxyLayer("no tunnel through the proxy", tunnel.up()));
        }
        if (toService != null) {
            SslHandler inner = handler(toService, target, fresh, handshakeMillis);
            fresh.pipeline().addLast(SERVICE_TLS, inner);
            layers.add(new Layer(
                    "TLS handshake failed", inner.handshakeFuture(), UpstreamFault.TLS, UpstreamFault.CONNECT_TIMEOUT));
        }
        return layers;
    }

    /**
     * Whether the stream of a closed channel ended as its sender wanted: with a close_notify of the innermost TLS, which
     * is the only one that nobody on the way can forge; always without TLS (RFC 9112 section 9.8).
     */
    public static boolean endedProperly(Channel closed) {
        SslHandler innermost = closed.pipeline().get(SERVICE_TLS) instanceof SslHandler service
                ? service
                : closed.pipeline().get(PROXY_TLS) instanceof SslHandler outer ? outer : null;
        return innermost == null || innermost.sslCloseFuture().isSuccess();
    }

    private static Layer proxyLayer(String what, Future<?> up) {
        return new Layer(what, up, UpstreamFault.PROXY, UpstreamFault.PROXY_TIMEOUT);
    }

    private static SslHandler handler(SslContext context, Target peer, Channel fresh, long handshakeMillis) {
        SslHandler handler = ClientTls.handler(context, peer, fresh.alloc());
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        return handler;
    }
}
