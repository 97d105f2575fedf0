package dev.gatehouse.config.resource;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** URLs that are names: compared character by character, so only one clear spelling is let in. */
final class NamedUrl {
    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private NamedUrl() {}

    /**
     * An absolute https URL without user name and fragment, in ASCII. Without TLS anybody on the way could answer for
     * the named host, so http is for the own machine only: development and tests.
     *
     * @throws IllegalArgumentException in the form that names {@code key}
     */
    static URI require(String key, String text) {
        URI url = parse(key, text);
        boolean absolute = url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
        if (!absolute || !(isSecure(url) || isLocal(url)) || !text.equals(url.toASCIIString())) {
            throw refused(key, text);
        }
        return url;
    }

    /** An issuer, which has no query either (RFC 8414 section 2). */
    static void requireIssuer(String text) {
        if (require("authorizationServers", text).getRawQuery() != null) {
            throw new IllegalArgumentException("authorizationServers: \"" + text + "\" (expected: no query)");
        }
    }

    static boolean isSecure(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    private static boolean isLocal(URI url) {
        return "http".equalsIgnoreCase(url.getScheme())
                && LOOPBACK.matcher(url.getHost()).matches();
    }

    private static URI parse(String key, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw refused(key, text);
        }
    }

    private static IllegalArgumentException refused(String key, String text) {
        return new IllegalArgumentException(key + ": \"" + text
                + "\" (expected: an absolute https URL without user name and fragment;"
                + " http for hosts of this machine only)");
    }
}
