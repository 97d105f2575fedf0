package dev.gatehouse.policies.proxy;

import dev.gatehouse.client.Target;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One URL of a service endpoint, taken apart. Immutable.
 *
 * @param tried this target first, then those that a refused connection may be moved to
 * @param path of the URL without a final slash where something follows; empty = nothing is put before the request's
 * @param wholePath of the URL as written, at least a slash, for {@code ignorePath}
 * @param query of the URL; null = none
 * @param authority value of the Host field
 * @param authorization value of the Authorization field; null = that of the client stays
 */
record ServiceUrl(
        List<Target> tried,
        String path,
        String wholePath,
        @Nullable String query,
        String authority,
        @Nullable String authorization) {
    ServiceUrl {
        tried = List.copyOf(tried);
    }

    /** Host and port of {@code url}, also where the host is no valid DNS name ({@code my_service}). */
    static HostAndPort hostAndPort(URI url) {
        String authority = url.getRawAuthority();
        String bare = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = bare.indexOf(':', bare.indexOf(']') + 1);
        int port = colon < 0 || colon == bare.length() - 1 ? -1 : Integer.parseInt(bare, colon + 1, bare.length(), 10);
        String host = colon < 0 ? bare : bare.substring(0, colon);
        boolean literal = host.startsWith("[") && host.endsWith("]");
        return new HostAndPort(
                literal ? host.substring(1, host.length() - 1) : host, port >= 0 ? port : isTls(url) ? 443 : 80);
    }

    record HostAndPort(String host, int port) {}

    static boolean isTls(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** The Authorization value for credentials inside {@code url}; null when there are none. */
    static @Nullable String userInfo(URI url) {
        String authority = url.getRawAuthority();
        int at = authority.lastIndexOf('@');
        // URLDecoder reads a plus as a space, which it is not in user information.
        return at <= 0
                ? null
                : basic(URLDecoder.decode(authority.substring(0, at).replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the value of the Authorization field. */
    @Override
    public String toString() {
        return authority + wholePath;
    }
}
