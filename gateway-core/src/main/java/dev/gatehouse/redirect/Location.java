package dev.gatehouse.redirect;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import io.netty.util.NetUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a redirect leads.
 *
 * @param target who gets the next request; the same object as before when scheme, host and port stay
 * @param requestTarget its request-target in origin form
 */
record Location(Target target, String requestTarget) {
    private static final String HEX = "0123456789ABCDEF";

    /**
     * Reads a {@code Location} value against the request that it answers (RFC 3986 section 5.2).
     *
     * <p>Strict, because the value comes from outside: only http and https, no user information (RFC 9110 section
     * 4.2.4), no control characters, white space or backslashes, an authority that every parser reads alike. Another
     * place is reached with the trust of the Java runtime: client certificate and authorities are for the service alone.
     *
     * @param target who answered
     * @param requestTarget what was asked for, in origin form
     * @return null when the value cannot be followed
     */
    static @Nullable Location read(String value, Target target, String requestTarget) {
        int hash = value.indexOf('#');
        String reference = escaped(hash < 0 ? value : value.substring(0, hash));
        if (reference == null) {
            return null;
        }
        int colon = schemeEnd(reference);
        String scheme = colon < 0
                ? target.tls() == null ? "http" : "https"
                : reference.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = reference.substring(colon + 1);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return null;
        }
        if (rest.startsWith("//")) {
            return absolute(scheme.equals("https"), rest.substring(2), target);
        }
        return colon < 0 ? new Location(target, relative(rest, requestTarget)) : null;
    }

    /** Octets beyond ASCII become escapes; null where something stands that no URL may hold. */
    private static @Nullable String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c > 0xff || c == '\\' || (c == '%' && !isEscape(text, i))) {
                return null;
            }
            if (c > 0x7f) {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isEscape(String text, int at) {
        return at + 2 < text.length()
                && Character.digit(text.charAt(at + 1), 16) >= 0
                && Character.digit(text.charAt(at + 2), 16) >= 0;
    }

    /** Index of the colon behind a scheme, -1 for a relative reference. */
    private static int schemeEnd(String reference) {
        for (int i = 0; i < reference.length(); i++) {
            char c = reference.charAt(i);
            if (c == ':') {
                return i;
            }
            if (c == '/' || c == '?') {
                return -1;
            }
        }
        return -1;
    }

    private static @Nullable Location absolute(boolean secure, String rest, Target before) {
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
            end++;
        }
        String authority = rest.substring(0, end);
        int colon = authority.indexOf(':', authority.indexOf(']') + 1);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = port(colon < 0 ? "" : authority.substring(colon + 1), secure);
        if (port < 0 || !isHost(host)) {
            return null;
        }
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String path = rest.substring(end);
        String form = withoutDots(path.startsWith("/") ? path : '/' + path);
        boolean same =
                before.host().equalsIgnoreCase(name) && before.port() == port && (before.tls() != null) == secure;
        return new Location(
                same
                        ? before
                        : new Target(
                                name,
                                port,
                                secure ? TlsSettings.DEFAULT : null,
                                before.way().elsewhere()),
                form);
    }

    private static int port(String text, boolean secure) {
        if (text.isEmpty()) {
            return secure ? 443 : 80;
        }
        boolean digits = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : 0;
        return port > 0 && port <= 0xffff ? port : -1;
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1)) && host.indexOf('%') < 0;
        }
        return !host.isEmpty()
                && host.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0));
    }

    private static String relative(String reference, String requestTarget) {
        int question = requestTarget.indexOf('?');
        String path = question < 0 ? requestTarget : requestTarget.substring(0, question);
        if (reference.startsWith("/")) {
            return withoutDots(reference);
        }
        if (reference.isEmpty()) {
            return requestTarget;
        }
        if (reference.startsWith("?")) {
            return path + reference;
        }
        return withoutDots(path.substring(0, path.lastIndexOf('/') + 1) + reference);
    }

    /** RFC 3986 section 5.2.4; the query stays as it is. */
    private static String withoutDots(String form) {
        int question = form.indexOf('?');
        String path = question < 0 ? form : form.substring(0, question);
        StringBuilder out = new StringBuilder(form.length());
        int from = 1;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            String segment = path.substring(from, end);
            boolean last = slash < 0;
            if (segment.equals("..")) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
                out.append(last ? "/" : "");
            } else if (segment.equals(".")) {
                out.append(last ? "/" : "");
            } else {
                out.append('/').append(segment);
            }
            from = end + 1;
        }
        return question < 0
                ? out.toString()
                : out.append(form, question, form.length()).toString();
    }

    /** Without the query, which may hold secrets. */
    @Override
    public String toString() {
        int question = requestTarget.indexOf('?');
        return target.authority() + (question < 0 ? requestTarget : requestTarget.substring(0, question));
    }
}
