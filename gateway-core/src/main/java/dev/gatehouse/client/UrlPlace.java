package dev.gatehouse.client;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where an absolute http or https URL leads, also where its host is no valid DNS name ({@code my_service}).
 *
 * @param host name or address literal, without brackets
 */
public record UrlPlace(String host, int port) {
    /**
     * The place that a URL names.
     *
     * @throws NumberFormatException when the port is no number; its message shows a part of the URL
     */
    public static UrlPlace of(URI url) {
        String authority = url.getRawAuthority();
        String bare = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = bare.indexOf(':', bare.indexOf(']') + 1);
        int port = colon < 0 || colon == bare.length() - 1 ? -1 : Integer.parseInt(bare, colon + 1, bare.length(), 10);
        String host = colon < 0 ? bare : bare.substring(0, colon);
        boolean literal = host.startsWith("[") && host.endsWith("]");
        return new UrlPlace(
                literal ? host.substring(1, host.length() - 1) : host, port >= 0 ? port : isTls(url) ? 443 : 80);
    }

    public static boolean isTls(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** The Authorization value for credentials inside {@code url}; null when there are none. */
    public static @Nullable String userInfo(URI url) {
        String authority = url.getRawAuthority();
        int at = authority.lastIndexOf('@');
        if (at <= 0) {
            return null;
        }
        // URLDecoder reads a plus as a space, which it is not in user information.
        String pair = URLDecoder.decode(authority.substring(0, at).replace("+", "%2B"), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
