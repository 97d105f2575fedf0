package dev.gatehouse.policies.introspect.provider;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policies.auth.BearerToken;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request and its token fit a provider. The path is that which chose the pipeline, so that no spelling of it
 * leads to one pipeline and to the provider of another. Immutable.
 */
public final class ProviderMatch {
    /** Fits every request. */
    public static final ProviderMatch ALL = new ProviderMatch(new ProviderOptions.Match(null, null, null, null));

    private final @Nullable String tokenPrefix;
    private final @Nullable String jwtIssuer;
    private final @Nullable String host;
    private final @Nullable String pathPrefix;

    public ProviderMatch(ProviderOptions.Match options) {
        tokenPrefix = options.tokenPrefix();
        jwtIssuer = options.jwtIssuer();
        host = options.host() == null ? null : plain(options.host());
        String path = options.pathPrefix();
        pathPrefix = path == null ? null : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Whether some request with this token fits. */
    public boolean fits(BearerToken token) {
        return (tokenPrefix == null || hasPrefix(token, tokenPrefix))
                && (jwtIssuer == null || jwtIssuer.equals(UnverifiedIssuer.of(token)));
    }

    /** Whether all requests with a token fit when one does. */
    public boolean fitsEverywhere() {
        return host == null && pathPrefix == null;
    }

    /** Borrows the exchange. */
    public boolean fits(Exchange exchange, BearerToken token) {
        return (tokenPrefix == null || hasPrefix(token, tokenPrefix))
                && (host == null || host.equals(hostOf(exchange)))
                && (pathPrefix == null || isBelow(exchange.originalTarget(), pathPrefix))
                && (jwtIssuer == null || jwtIssuer.equals(UnverifiedIssuer.of(token)));
    }

    private static boolean hasPrefix(BearerToken token, String prefix) {
        return token.end() - token.start() >= prefix.length() && token.text().startsWith(prefix, token.start());
    }

    private static @Nullable String hostOf(Exchange exchange) {
        @Nullable String written = exchange.request().headers().get(HttpHeaderNames.HOST);
        if (written == null) {
            return null;
        }
        int colon = written.indexOf(':', written.startsWith("[") ? Math.max(0, written.indexOf(']')) : 0);
        return plain(colon < 0 ? written : written.substring(0, colon));
    }

    /** Letter case and the dot of the root do not tell hosts apart. */
    private static String plain(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isBelow(String target, String prefix) {
        if (!target.startsWith(prefix)) {
            return false;
        }
        return target.length() == prefix.length()
                || target.charAt(prefix.length()) == '/'
                || target.charAt(prefix.length()) == '?';
    }
}
