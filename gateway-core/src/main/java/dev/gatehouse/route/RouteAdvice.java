package dev.gatehouse.route;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.route.RouteCompiler.Mount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Warns about routes that will surprise their author: patterns that never match or match too much, routes that
 * another one hides, and entries that Express Gateway's host grouping moves up.
 */
final class RouteAdvice {
    private final Problems problems;
    private final List<Mount> mounts;
    private final Map<HostPattern, PrefixIndex> paths = new HashMap<>();
    private final PrefixIndex hosts;
    private final Map<HostPattern, Integer> firstMount = new HashMap<>();

    /**
     * Takes the routes in matching order.
     *
     * @param mounts grouped by host
     */
    RouteAdvice(Problems problems, List<Mount> mounts) {
        this.problems = problems;
        this.mounts = mounts;
        Map<HostPattern, PrefixIndex.Builder> builders = new HashMap<>();
        PrefixIndex.Builder hostEnds = new PrefixIndex.Builder();
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            builders.computeIfAbsent(mount.host(), h -> new PrefixIndex.Builder())
                    .add(mount.path().literal(), i);
            if (firstMount.putIfAbsent(mount.host(), i) == null) {
                hostEnds.add(mount.host().literalEnd(), i);
            }
        }
        builders.forEach((host, builder) -> paths.put(host, builder.build()));
        hosts = hostEnds.buildFromEnd();
    }

    void give() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            if (seen.add(mount.position())) {
                host(mount);
                pathRegex(mount);
                hoisted(i, mount);
            }
            path(mount);
            hidden(i, mount);
        }
    }

    private void host(Mount mount) {
        ApiEndpointConfig entry = mount.entry();
        String regex = entry.hostRegex();
        if (regex != null && hasTopLevelBar(regex)) {
            warn(
                    "W0315",
                    mount,
                    "hostRegex",
                    "'" + regex + "' has alternatives at its top level, each of which must match the whole host",
                    "Express Gateway anchors only the outer ends of such a pattern, so it matched more hosts there.");
        }
        String host = entry.host();
        int bracket = host.startsWith("[") ? host.indexOf(']') : 0;
        if (regex == null && host.indexOf(':', Math.max(bracket, 0)) >= 0) {
            warn(
                    "W0312",
                    mount,
                    "host",
                    "host '" + host + "' never matches, because ports are not compared",
                    "write the host without its port.");
        }
    }

    private static boolean hasTopLevelBar(String regex) {
        int depth = 0;
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inClass || c == '[') {
                inClass = c != ']';
            } else if (c == '(' || c == ')') {
                depth += c == '(' ? 1 : -1;
            } else if (c == '|' && depth == 0) {
                return true;
            }
        }
        return false;
    }

    private void pathRegex(Mount mount) {
        String regex = mount.entry().pathRegex();
        if (regex != null && !regex.startsWith("^")) {
            warn(
                    "W0314",
                    mount,
                    "pathRegex",
                    "'" + regex + "' has no '^' and matches anywhere in a path",
                    "begin it with '^' to match from the start of the path.");
        }
    }

    private void path(Mount mount) {
        String text = mount.path().text();
        if (text != null && !text.isEmpty() && "/*(".indexOf(text.charAt(0)) < 0) {
            warn(
                    "W0313",
                    mount,
                    "paths",
                    "path '" + text + "' never matches, because it does not begin with '/'",
                    "write '/" + text + "'.");
        }
    }

    /** Another route that takes every request of this one first. */
    private void hidden(int number, Mount mount) {
        Mount by = hiderIn(mount.host(), number, mount);
        if (by == null && mount.host() != HostPattern.Any.HOST) {
            String end = mount.host().literalEnd();
            PrefixIndex.Node node = hosts.find(end, end.length());
            for (int g = node.next(-1); g >= 0 && g < number && by == null; g = node.next(g)) {
                HostPattern host = mounts.get(g).host();
                by = host.covers(mount.host()) ? hiderIn(host, number, mount) : null;
            }
        }
        if (by == null) {
            return;
        }
        String what = mount.path().text() == null
                ? "pathRegex"
                : "path '" + mount.path().text() + "'";
        warn(
                "W0310",
                mount,
                "paths",
                what + " of '" + mount.entry().name() + "' is never reached",
                "'" + by.entry().name() + "' (line " + by.entry().span().line() + ") takes all of its requests first.");
    }

    private @Nullable Mount hiderIn(HostPattern host, int number, Mount mount) {
        PrefixIndex index = paths.get(host);
        if (index == null || isEmpty(mount)) {
            return null;
        }
        String literal = mount.path().literal();
        PrefixIndex.Node node = index.find(literal, literal.length());
        for (int i = node.next(-1); i >= 0 && i < number; i = node.next(i)) {
            Mount other = mounts.get(i);
            if (other.path().covers(mount.path()) && coversMethods(other, mount)) {
                return other;
            }
        }
        return null;
    }

    private static boolean isEmpty(Mount mount) {
        List<String> methods = mount.entry().methods();
        return methods != null && methods.isEmpty();
    }

    private static boolean coversMethods(Mount other, Mount mount) {
        List<String> theirs = other.entry().methods();
        List<String> own = mount.entry().methods();
        return theirs == null
                || (own != null
                        && own.stream()
                                .allMatch(m -> theirs.contains(m) || (m.equals("HEAD") && theirs.contains("GET"))));
    }

    /** A different host that stands before the entry in the file but behind it in matching order. */
    private void hoisted(int number, Mount mount) {
        for (int i = number + 1; i < mounts.size(); i++) {
            Mount other = mounts.get(i);
            if (other.position() < mount.position()
                    && !other.host().equals(mount.host())
                    && mount.host().overlaps(other.host())
                    && mayShareAPath(mount, other)) {
                warn(
                        "W0311",
                        mount,
                        "host",
                        "'" + mount.entry().name() + "' is tried before '"
                                + other.entry().name() + "' (line "
                                + other.entry().span().line() + "), which stands above it",
                        "entries with the same host are tried together, where that host first appears.");
                return;
            }
        }
    }

    private static boolean mayShareAPath(Mount mount, Mount other) {
        String a = mount.path().literal();
        String b = other.path().literal();
        boolean aFits = a.startsWith(b) && !(other.path() instanceof PathPattern.Literal && !a.equals(b));
        boolean bFits = b.startsWith(a) && !(mount.path() instanceof PathPattern.Literal && !a.equals(b));
        return aFits || bFits;
    }

    private void warn(String code, Mount mount, String key, String message, String hint) {
        ApiEndpointConfig entry = mount.entry();
        problems.warn(code, entry.span(), "apiEndpoints." + entry.name() + '.' + key, message, hint);
    }
}
