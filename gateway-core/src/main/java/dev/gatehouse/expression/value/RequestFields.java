package dev.gatehouse.expression.value;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.exchange.RouteMatch;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The properties of {@code req} with plain values, read from the live exchange. {@code req.headers} and functions are
 * not among them.
 */
public final class RequestFields {
    /** Reads one property. Event loop of the exchange. */
    @FunctionalInterface
    public interface Field {
        @Nullable
        Object read(Exchange exchange);
    }

    private static final Map<String, Field> FIELDS = Map.ofEntries(
            Map.entry("method", x -> x.request().method().name()),
            Map.entry("url", x -> x.request().uri()),
            Map.entry("originalUrl", Exchange::originalTarget),
            Map.entry("baseUrl", x -> ""),
            Map.entry("path", x -> path(x.request().uri())),
            Map.entry("httpVersion", RequestFields::httpVersion),
            Map.entry("query", RequestFields::query),
            Map.entry("params", x -> x.match().parameters()),
            Map.entry("hostname", RequestFields::hostname),
            Map.entry("host", RequestFields::hostname),
            Map.entry("ip", RequestFields::address),
            Map.entry("ips", x -> List.of()),
            Map.entry("protocol", x -> x.peer().secure() ? "https" : "http"),
            Map.entry("secure", x -> x.peer().secure()),
            Map.entry("xhr", RequestFields::isXhr),
            Map.entry("fresh", Freshness::of),
            Map.entry("stale", x -> !Freshness.of(x)),
            Map.entry("subdomains", RequestFields::subdomains),
            Map.entry("user", RequestFields::user),
            Map.entry("body", RequestFields::body),
            Map.entry("cookies", RequestFields::cookies),
            Map.entry("route", RequestFields::route),
            Map.entry("vhost", RequestFields::vhost),
            Map.entry("connection", RequestFields::socket),
            Map.entry("socket", RequestFields::socket),
            Map.entry("client", RequestFields::socket));

    private RequestFields() {}

    /** The property {@code name}, or null when {@code req} has no such plain property. */
    public static @Nullable Field named(String name) {
        return FIELDS.get(name);
    }

    /** {@code req.user} and {@code consumer}: all claims, or undefined. */
    public static Object user(Exchange exchange) {
        Identity identity = exchange.identity();
        return identity == null ? Undefined.INSTANCE : identity.claims();
    }

    private static Object body(Exchange exchange) {
        ParsedBody parsed = exchange.parsedBody();
        return parsed == null ? Undefined.INSTANCE : parsed.tree();
    }

    /** A property of {@code apiEndpoint}. */
    public static @Nullable Object endpoint(Exchange exchange, String name) {
        return switch (name) {
            case "apiEndpointName" -> exchange.endpoint().name();
            case "scopes" -> exchange.endpoint().scopes();
            default -> {
                Map<String, @Nullable Object> settings = exchange.endpoint().settings();
                yield settings.containsKey(name) ? settings.get(name) : Undefined.INSTANCE;
            }
        };
    }

    /** {@code apiEndpoint} as a whole. */
    public static Map<String, @Nullable Object> endpoint(Exchange exchange) {
        Map<String, @Nullable Object> all =
                new LinkedHashMap<>(exchange.endpoint().settings());
        all.put("apiEndpointName", exchange.endpoint().name());
        all.put("scopes", exchange.endpoint().scopes());
        return all;
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String httpVersion(Exchange exchange) {
        var version = exchange.request().protocolVersion();
        return version.majorVersion() + "." + version.minorVersion();
    }

    private static Map<String, @Nullable Object> query(Exchange exchange) {
        String target = exchange.originalTarget();
        return target.indexOf('?') < 0 ? Map.of() : ScriptState.of(exchange).query(target);
    }

    private static Object hostname(Exchange exchange) {
        String host = exchange.request().headers().get(HttpHeaderNames.HOST);
        if (host == null || host.isEmpty()) {
            return Undefined.INSTANCE;
        }
        int colon = host.indexOf(':', host.charAt(0) == '[' ? host.indexOf(']') + 1 : 0);
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static String address(Exchange exchange) {
        var socket = exchange.peer().remote();
        // As Node writes it (RFC 5952), without a zone.
        return socket.isUnresolved() ? socket.getHostString() : NetUtil.toAddressString(socket.getAddress());
    }

    private static boolean isXhr(Exchange exchange) {
        String with = exchange.request().headers().get("x-requested-with");
        return with != null && with.equalsIgnoreCase("xmlhttprequest");
    }

    private static List<String> subdomains(Exchange exchange) {
        if (!(hostname(exchange) instanceof String host) || host.startsWith("[") || host.matches("[0-9.]+")) {
            return List.of();
        }
        List<String> labels = new ArrayList<>(Arrays.asList(host.split("\\.", -1)));
        Collections.reverse(labels);
        return labels.size() <= 2 ? List.of() : List.copyOf(labels.subList(2, labels.size()));
    }

    private static Map<String, @Nullable Object> cookies(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        Map<String, @Nullable Object> cookies = new LinkedHashMap<>();
        for (String line : headers.getAll(HttpHeaderNames.COOKIE)) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    cookies.putIfAbsent(pair.substring(0, equals).trim(), cookie(pair.substring(equals + 1)));
                }
            }
        }
        return cookies;
    }

    private static String cookie(String written) {
        String value = written.trim();
        if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        String decoded = QueryTree.percentDecoded(value);
        return decoded == null ? value : decoded;
    }

    private static Map<String, @Nullable Object> route(Exchange exchange) {
        Map<String, @Nullable Object> route = new LinkedHashMap<>();
        RouteMatch match = exchange.match();
        route.put("path", match.pattern() == null ? Undefined.INSTANCE : match.pattern());
        return route;
    }

    private static Map<String, @Nullable Object> vhost(Exchange exchange) {
        Map<String, @Nullable Object> vhost = new LinkedHashMap<>();
        List<String> captures = exchange.match().hostCaptures();
        for (int i = 0; i < captures.size(); i++) {
            vhost.put(Integer.toString(i), captures.get(i));
        }
        String host = exchange.request().headers().get(HttpHeaderNames.HOST);
        vhost.put("host", host == null ? Undefined.INSTANCE : host);
        vhost.put("hostname", hostname(exchange) instanceof String name ? name.toLowerCase(Locale.ROOT) : "");
        vhost.put("length", captures.size());
        return vhost;
    }

    private static Map<String, @Nullable Object> socket(Exchange exchange) {
        Map<String, @Nullable Object> socket = new LinkedHashMap<>();
        socket.put("remoteAddress", address(exchange));
        socket.put("remotePort", exchange.peer().remote().getPort());
        socket.put("localPort", exchange.peer().local().getPort());
        socket.put("encrypted", exchange.peer().secure());
        socket.put("authorized", exchange.peer().certificateTrusted());
        return socket;
    }
}
