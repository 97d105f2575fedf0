package dev.gatehouse.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Reads the URL of a forward proxy. */
public final class ProxyUrl {
    private ProxyUrl() {}

    /**
     * The proxy that {@code text} names: {@code http://} or {@code https://}, credentials, host, port.
     *
     * @throws IllegalArgumentException with a message that says what was expected and shows no part of the text
     */
    public static ForwardProxy parse(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("expected a URL such as http://proxy.example.com:3128", e);
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.startsWith("socks") || scheme.startsWith("pac")) {
            throw new IllegalArgumentException("SOCKS and automatic configuration are not supported, expected a URL"
                    + " that starts with http:// or https://");
        }
        if ((!scheme.equals("http") && !scheme.equals("https")) || url.getRawAuthority() == null) {
            throw new IllegalArgumentException("expected a URL that starts with http:// or https://");
        }
        UrlPlace place = place(url);
        return new ForwardProxy(
                place.host(), place.port(), UrlPlace.isTls(url) ? TlsSettings.DEFAULT : null, UrlPlace.userInfo(url));
    }

    private static UrlPlace place(URI url) {
        try {
            UrlPlace place = UrlPlace.of(url);
            if (!place.host().isEmpty() && place.port() >= 1 && place.port() <= 65_535) {
                return place;
            }
        } catch (NumberFormatException notAPort) {
            // Told below together with ports that do not exist; its own message would show a part of the text.
        }
        throw new IllegalArgumentException("expected a host and a port between 1 and 65535");
    }
}
