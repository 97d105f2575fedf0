package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.Target;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Addresses of targets, without blocking. Literals need no lookup; {@code .invalid} and {@code localhost} are answered
 * here as RFC 6761 asks. When a lookup fails, the addresses of the last one that worked are kept. One event loop.
 */
public final class NameResolution {
    private static final int MAX_REMEMBERED = 1024;

    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private final Map<String, List<InetAddress>> lastGood = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<InetAddress>> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    public NameResolution(AddressResolverGroup<InetSocketAddress> resolvers) {
        this.resolvers = resolvers;
    }

    /** At least one address, or a failure. */
    public Future<List<InetSocketAddress>> resolve(Target target, EventLoop loop) {
        String host = target.host().toLowerCase(Locale.ROOT);
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            return loop.newSucceededFuture(at(target, List.of(address(literal))));
        }
        if (isUnder(host, "invalid")) {
            return loop.newFailedFuture(new UnknownHostException("reserved name"));
        }
        Promise<List<InetSocketAddress>> found = loop.newPromise();
        resolvers
                .getResolver(loop)
                .resolveAll(InetSocketAddress.createUnresolved(host, target.port()))
                .addListener((Future<List<InetSocketAddress>> lookup) -> settle(target, host, lookup, found));
        return found;
    }

    private void settle(
            Target target,
            String host,
            Future<List<InetSocketAddress>> lookup,
            Promise<List<InetSocketAddress>> found) {
        if (lookup.isSuccess() && !lookup.getNow().isEmpty()) {
            lastGood.put(
                    host,
                    lookup.getNow().stream().map(InetSocketAddress::getAddress).toList());
            found.trySuccess(lookup.getNow());
            return;
        }
        List<InetAddress> known =
                isUnder(host, "localhost") ? List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6) : lastGood.get(host);
        if (known == null) {
            found.tryFailure(new UnknownHostException("no address"));
        } else {
            found.trySuccess(at(target, known));
        }
    }

    private static List<InetSocketAddress> at(Target target, List<? extends InetAddress> addresses) {
        return addresses.stream()
                .map(address -> new InetSocketAddress(address, target.port()))
                .toList();
    }

    private static boolean isUnder(String host, String top) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.equals(top) || name.endsWith('.' + top);
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address literal of " + literal.length + " bytes", e);
        }
    }
}
