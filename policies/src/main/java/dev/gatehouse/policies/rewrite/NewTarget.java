package dev.gatehouse.policies.rewrite;

import dev.gatehouse.route.BadTarget;
import dev.gatehouse.route.RequestTarget;
import io.netty.handler.codec.http.HttpMethod;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a template leads: the origin, which is always literal, and the rest, which is filled. No capture can become a
 * part of the origin, so no client can choose the host of a redirect. Immutable.
 *
 * @param origin such as {@code https://new.example.com}; empty = this one
 * @param template what follows it
 */
record NewTarget(String origin, String template) {
    private static final Pattern ORIGIN = Pattern.compile(
            "(https?://(?:[A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?)(?=[/?#$]|:[A-Za-z_]|$)(.*)");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*|//.*");

    /**
     * @param redirect whether clients are sent there, so that another origin and a fragment are possible
     * @throws TemplateProblem when it leads to no possible target
     */
    static NewTarget parse(String written, boolean redirect) {
        Matcher absolute = ORIGIN.matcher(written);
        if (redirect && absolute.matches()) {
            return new NewTarget(absolute.group(1), absolute.group(2));
        }
        if (SCHEME.matcher(written).matches()) {
            throw new TemplateProblem(
                    "E0493",
                    redirect
                            ? "its host cannot be used, which has to be written out"
                            : "the request goes to the service endpoint of 'proxy', so only a path is possible");
        }
        if (!redirect && written.indexOf('#') >= 0) {
            throw new TemplateProblem("E0493", "no fragment is sent to a service");
        }
        return new NewTarget("", written);
    }

    /** The fragment of a filled template with its number sign, or nothing. */
    static String fragment(String filled) {
        int hash = filled.indexOf('#');
        return hash < 0 ? "" : filled.substring(hash);
    }

    /**
     * Refuses a template that no capture makes a target of.
     *
     * @param sample the template with something harmless for every parameter
     * @throws TemplateProblem with what is wrong
     */
    static void checkSample(String sample) {
        String rest = sample.substring(0, sample.length() - fragment(sample).length());
        String path = rest.startsWith("/") ? rest : '/' + rest;
        if (RequestTarget.parse(path, HttpMethod.GET) instanceof BadTarget bad) {
            throw new TemplateProblem("E0493", "as a target it is refused: " + bad.reason());
        }
    }

    /** What comes behind the origin; a path is always there (RFC 9110 section 4.2.3). */
    String path(String filled) {
        boolean bare = !origin.isEmpty() && (filled.isEmpty() || filled.charAt(0) == '?');
        return bare ? '/' + filled : filled;
    }
}
