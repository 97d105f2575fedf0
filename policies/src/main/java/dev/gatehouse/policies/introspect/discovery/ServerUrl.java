package dev.gatehouse.policies.introspect.discovery;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.client.Way;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An absolute http or https URL of an authorization server, without user name and fragment. Immutable.
 *
 * @param uri as written
 */
public record ServerUrl(URI uri) {
    private static final int MAX_PORT = 65_535;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

    /**
     * A URL that can be asked.
     *
     * @throws IllegalArgumentException when it is not such a URL; the message does not repeat it
     */
    public ServerUrl {
        if (!isUsable(uri)) {
            throw new IllegalArgumentException("not an absolute http or https URL without user name and fragment");
        }
    }

    /** Whether a URL can be asked at all. */
    public static boolean isUsable(URI uri) {
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        return http
                && uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawFragment() == null
                && uri.getPort() != 0
                && uri.getPort() <= MAX_PORT;
    }

    public boolean isSecure() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** Whether nobody on the way can read what is sent: it is encrypted or does not leave this machine. */
    public boolean isConfidential() {
        return isSecure() || THIS_MACHINE.contains(host());
    }

    /** Name or address literal, without brackets. */
    public String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * Whom to ask, directly.
     *
     * @param tls used for https only, and then needed
     */
    public Target target(@Nullable TlsSettings tls) {
        return target(tls, Way.DIRECT);
    }

    /** Whom to ask, reached as {@code known} is: with its TLS settings and over its proxy. */
    public Target like(Target known) {
        return target(known.tls(), known.way().elsewhere());
    }

    /** Path and query. */
    public String requestTarget() {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
    }

    /** Host, and the port when it is not the usual one. */
    public String authority() {
        return target(isSecure() ? TlsSettings.DEFAULT : null).authority();
    }

    /** Without the query, which may hold a credential. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + authority() + uri.getRawPath();
    }

    private Target target(@Nullable TlsSettings tls, Way way) {
        if (isSecure() && tls == null) {
            throw new IllegalArgumentException("https without TLS settings");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
        return new Target(host(), port, isSecure() ? tls : null, way);
    }
}
