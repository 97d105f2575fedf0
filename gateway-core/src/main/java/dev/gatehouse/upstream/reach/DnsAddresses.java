package dev.gatehouse.upstream.reach;

import dev.gatehouse.transport.Transport;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.net.InetSocketAddress;

/**
 * Name resolution by DNS and the hosts file, without blocking a thread.
 *
 * <p>Both address families are asked for where the machine has both, IPv4 first. Failed lookups are repeated after one
 * second at the earliest.
 */
public final class DnsAddresses {
    private static final int MAX_TTL_SECONDS = 300;
    private static final int NEGATIVE_TTL_SECONDS = 1;
    private static final int QUERY_TIMEOUT_MILLIS = 2000;
    private static final int MAX_QUERIES = 8;

    private DnsAddresses() {}

    /** New resolvers, one per event loop that uses them; the caller closes the group. */
    public static AddressResolverGroup<InetSocketAddress> group(Transport transport) {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(transport.datagram())
                .socketChannelType(transport.client())
                .ttl(1, MAX_TTL_SECONDS)
                .negativeTtl(NEGATIVE_TTL_SECONDS)
                .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                .maxQueriesPerResolve(MAX_QUERIES));
    }
}
