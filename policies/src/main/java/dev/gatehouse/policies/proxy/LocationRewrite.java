package dev.gatehouse.policies.proxy;

import dev.gatehouse.exchange.ResponseHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites redirects that point back to the service: {@code autoRewrite}, {@code hostRewrite}, {@code protocolRewrite}.
 *
 * @param authorities Host values of the service, lower case; a Location with another host stays as it is
 * @param host new host; null = that of the client
 * @param keepHost whether the host stays, because only the scheme is to change
 * @param scheme new scheme; null = unchanged
 */
record LocationRewrite(
        Set<String> authorities,
        @Nullable String host,
        boolean keepHost,
        @Nullable String scheme) {
    private static final List<Integer> STATUSES = List.of(201, 301, 302, 303, 307, 308);

    /** Null when no option asks for it. */
    static @Nullable LocationRewrite of(ProxyPolicy.Config options, ServiceUrls urls) {
        ProxyPolicy.Protocol protocol = options.protocolRewrite();
        String host = options.hostRewrite();
        if (host == null && protocol == null && !options.autoRewrite()) {
            return null;
        }
        Set<String> authorities = Set.copyOf(urls.authorities().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList());
        return new LocationRewrite(
                authorities,
                host,
                host == null && !options.autoRewrite(),
                protocol == null ? null : protocol.name().toLowerCase(Locale.ROOT));
    }

    void apply(ResponseHead response, @Nullable String clientHost) {
        String location = response.message().headers().get(HttpHeaderNames.LOCATION);
        if (location == null
                || !response.fromUpstream()
                || !STATUSES.contains(response.message().status().code())) {
            return;
        }
        int from = location.indexOf("://");
        int end = from < 0 ? -1 : endOfAuthority(location, from + 3);
        if (end < 0 || !isOurs(location.substring(0, from), location.substring(from + 3, end))) {
            return;
        }
        String newHost = keepHost ? null : host != null ? host : clientHost;
        response.message()
                .headers()
                .set(
                        HttpHeaderNames.LOCATION,
                        (scheme == null ? location.substring(0, from) : scheme)
                                + "://"
                                + (newHost == null ? location.substring(from + 3, end) : newHost)
                                + location.substring(end));
    }

    private static int endOfAuthority(String location, int from) {
        int end = from;
        while (end < location.length() && "/?#".indexOf(location.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private boolean isOurs(String from, String authority) {
        String name = authority.toLowerCase(Locale.ROOT);
        String port = from.equalsIgnoreCase("https") ? ":443" : ":80";
        return authorities.contains(name.endsWith(port) ? name.substring(0, name.length() - port.length()) : name);
    }
}
