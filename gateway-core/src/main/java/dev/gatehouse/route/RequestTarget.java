package dev.gatehouse.route;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target of one request in origin form, with the one canonical path that routing, policies and logs use.
 *
 * <p>Canonical means: percent-encoded unreserved characters decoded, runs of slashes collapsed, no fragment, no dot
 * segment. A target in which nothing had to change keeps the received String and costs no more than this object.
 * Confined to the event loop of its request.
 */
public final class RequestTarget implements ParsedTarget {
    static final String ASTERISK = "*";

    private final String originForm;
    private final int pathEnd;
    private final @Nullable String authority;
    private final @Nullable Readings readings;
    private @Nullable String path;

    RequestTarget(String originForm, int pathEnd, @Nullable String authority, @Nullable Readings readings) {
        this.originForm = originForm;
        this.pathEnd = pathEnd;
        this.authority = authority;
        this.readings = readings;
    }

    /**
     * Reads a request target as received: origin form, absolute form of http or https, or {@code *} with OPTIONS
     * (RFC 9112 section 3.2). Octets above 127 are expected as characters U+0080 to U+00FF and become escapes.
     *
     * <p>Refused are: characters that no target may hold (controls, space, backslash), invalid percent-encoding in the
     * path, and dot segments in every spelling that a service may resolve ({@code %2e}, {@code ..;}, {@code ..%2f}).
     */
    public static ParsedTarget parse(String rawTarget, HttpMethod method) {
        return TargetParser.parse(rawTarget, method);
    }

    /** The canonical path; {@code *} for the asterisk form. */
    public String path() {
        String known = path;
        if (known == null) {
            known = pathEnd == originForm.length() ? originForm : originForm.substring(0, pathEnd);
            path = known;
        }
        return known;
    }

    /** The query as received, without its question mark; null when there is none. */
    public @Nullable String query() {
        return pathEnd == originForm.length() ? null : originForm.substring(pathEnd + 1);
    }

    /** Canonical path and query: what is forwarded. The received String itself when nothing had to change. */
    public String originForm() {
        return originForm;
    }

    /** The authority of an absolute form, which must agree with the Host field; null for the other forms. */
    public @Nullable String authority() {
        return authority;
    }

    /** Whether this is the asterisk form, which concerns the gateway as a whole and never a service. */
    public boolean isAsterisk() {
        return originForm.equals(ASTERISK);
    }

    /** Number of characters of {@link #originForm()} that are the path. */
    int pathEnd() {
        return pathEnd;
    }

    /** Null in the ordinary case: then only one reading exists. */
    @Nullable
    Readings readings() {
        return readings;
    }

    /** Everything up to the query, which may hold secrets. */
    @Override
    public String toString() {
        return path();
    }

    /**
     * How other parsers may read the same path.
     *
     * @param received canonical but with its runs of slashes; null when it has none
     * @param alternatives decoded, without {@code ;} parameters, without encoded control characters; only those that
     *     differ from the canonical path
     * @param undecodable whether some escape is not UTF-8
     */
    record Readings(@Nullable String received, List<String> alternatives, boolean undecodable) {
        Readings {
            alternatives = List.copyOf(alternatives);
        }
    }
}
