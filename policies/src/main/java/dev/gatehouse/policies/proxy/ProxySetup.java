package dev.gatehouse.policies.proxy;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.client.UrlPlace;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policy.PolicyContext;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Works out what applies to one proxy step: finds the service endpoint, lays the three levels of options over each
 * other, and tells the operator what has no effect. Start-up thread.
 */
final class ProxySetup {
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade");

    private final PolicyContext context;
    private final ProxyPolicy.Config options;
    private final @Nullable ServiceEndpointConfig service;
    private final Map<String, String> headers;
    private final @Nullable CookieRewrite cookies;
    private final Ways ways;

    ProxySetup(ProxyPolicy.Config action, PolicyContext context) {
        this.context = context;
        this.service = find(action.serviceEndpoint());
        this.options = layered(action);
        this.headers = checkedHeaders();
        Map<String, String> domains = cookieMap("cookieDomainRewrite", options.cookieDomainRewrite());
        Map<String, String> paths = cookieMap("cookiePathRewrite", options.cookiePathRewrite());
        this.cookies = domains.isEmpty() && paths.isEmpty() ? null : new CookieRewrite(domains, paths);
        this.ways = new Ways(context, options, service());
        new ProxyAdvice(context, options).give();
    }

    /** The options in force. */
    ProxyPolicy.Config options() {
        return options;
    }

    /** Name of the service endpoint; empty when there is none. */
    String service() {
        return service == null ? "" : service.name();
    }

    /** Static header fields, lower case. */
    Map<String, String> headers() {
        return headers;
    }

    /** Null when no cookie is rewritten. */
    @Nullable
    CookieRewrite cookies() {
        return cookies;
    }

    ServiceUrls urls() {
        if (service == null) {
            return ServiceUrls.none();
        }
        Secret auth = options.auth();
        TlsSettings tls = tls();
        return ServiceUrls.of(
                service.urls(),
                options.prependPath(),
                url -> target(url, tls),
                auth == null ? null : ServiceUrl.basic(auth.reveal()));
    }

    private Target target(URI url, TlsSettings tls) {
        UrlPlace place = UrlPlace.of(url);
        return new Target(place.host(), place.port(), UrlPlace.isTls(url) ? tls : null, ways.to(url));
    }

    private TlsSettings tls() {
        ProxyPolicy.TargetOptions files = options.target();
        if (files == null) {
            return new TlsSettings(options.secure(), List.of(), null, null, null);
        }
        Path ca = resolved(files.caFile());
        return context.checked(new TlsSettings(
                options.secure(),
                ca == null ? List.of() : List.of(ca),
                resolved(files.certFile()),
                resolved(files.keyFile()),
                null));
    }

    private @Nullable Path resolved(@Nullable String file) {
        return file == null ? null : context.resolve(file);
    }

    private @Nullable ServiceEndpointConfig find(@Nullable Located<String> name) {
        if (name == null || name.value().isEmpty()) {
            context.problems()
                    .warn(
                            "W0441",
                            context.step().span(),
                            path("serviceEndpoint"),
                            "'proxy' names no service endpoint and answers every request with 502",
                            "add 'serviceEndpoint'.");
            return null;
        }
        for (ServiceEndpointConfig candidate : context.serviceEndpoints()) {
            if (candidate.name().equals(name.value())) {
                return candidate;
            }
        }
        context.problems()
                .error(
                        "E0302",
                        name.span(),
                        path("serviceEndpoint"),
                        "service endpoint '" + name.value() + "' is not defined",
                        suggestions(name.value()));
        return null;
    }

    private String[] suggestions(String name) {
        Map<String, Integer> lines = new TreeMap<>();
        context.serviceEndpoints()
                .forEach(known -> lines.put(known.name(), known.span().line()));
        if (lines.isEmpty()) {
            return new String[] {"no service endpoint is defined."};
        }
        List<String> hints = new ArrayList<>();
        String near = Nearest.to(name, lines.keySet());
        if (near != null) {
            hints.add("did you mean '" + near + "' (line " + lines.get(near) + ")?");
        }
        hints.add("defined service endpoints: " + String.join(", ", lines.keySet()) + ".");
        return hints.toArray(String[]::new);
    }

    /** Later wins, key by key: action, proxyOptions of the service endpoint, proxyOptions of the action. */
    private ProxyPolicy.Config layered(ProxyPolicy.Config action) {
        Node.Mapping written = context.step().action();
        Node.Mapping ofService = service == null ? null : service.proxyOptions();
        Node.Mapping nested = action.proxyOptions();
        if (written == null || (ofService == null && nested == null)) {
            return ofService == null ? action : context.bind(ofService, path(""), ProxyPolicy.Config.class);
        }
        if (nested != null) {
            context.problems()
                    .warn(
                            "W0442",
                            nested.span(),
                            path("proxyOptions"),
                            "'proxyOptions' inside an action is deprecated",
                            "write the options directly below 'action'.");
        }
        Map<String, Node.Entry> merged = new LinkedHashMap<>();
        written.entries().forEach(entry -> merged.put(entry.key(), entry));
        merged.remove("proxyOptions");
        lay(ofService, merged, true);
        lay(nested, merged, false);
        Node.Mapping all = new Node.Mapping(written.span(), new ArrayList<>(merged.values()));
        return context.bind(all, path(""), ProxyPolicy.Config.class);
    }

    private void lay(Node.@Nullable Mapping layer, Map<String, Node.Entry> below, boolean advise) {
        for (Node.Entry entry : layer == null ? List.<Node.Entry>of() : layer.entries()) {
            Node.Entry hidden = below.put(entry.key(), entry);
            if (hidden != null && advise && service != null) {
                context.problems()
                        .warn(
                                "W0443",
                                hidden.keySpan(),
                                path(entry.key()),
                                "'" + entry.key() + "' has no effect, because the proxyOptions of service endpoint '"
                                        + service.name() + "' set it, too",
                                "remove one of them (the other is in line "
                                        + entry.keySpan().line() + ").");
            }
        }
    }

    private Map<String, String> checkedHeaders() {
        Map<String, String> checked = new LinkedHashMap<>();
        options.headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!isToken(lower) || hasControl(value)) {
                error(name, "'" + name + "' is not a valid header field");
            } else if (FRAMING.contains(lower)) {
                error(name, "'" + name + "' cannot be set, because the gateway frames the message itself");
            } else if (HOP_BY_HOP.contains(lower)) {
                context.problems()
                        .warn(
                                "W0447",
                                span(),
                                path("headers." + name),
                                "'" + name + "' has no effect, it concerns one connection only");
            } else {
                checked.put(lower, value);
            }
        });
        return checked;
    }

    private void error(String name, String message) {
        context.problems().error("E0442", span(), path("headers." + name), message);
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
    }

    private static boolean hasControl(String value) {
        return value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff);
    }

    private Map<String, String> cookieMap(String key, @Nullable Node node) {
        if (node instanceof Node.Mapping mapping) {
            Map<String, String> map = new LinkedHashMap<>();
            mapping.entries().forEach(entry -> map.put(entry.key(), text(entry.value())));
            return Map.copyOf(map);
        }
        if (node instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
            return Map.of("*", text);
        }
        boolean off = node == null
                || (node instanceof Node.Scalar scalar
                        && (scalar.value() == null || scalar.value().equals(false)));
        if (!off && node != null) {
            context.problems()
                    .error("E0203", node.span(), path(key), "'" + key + "': expected a text, a mapping or false");
        }
        return Map.of();
    }

    private static String text(Node node) {
        return node instanceof Node.Scalar scalar && scalar.value() != null ? scalar.text() : "";
    }

    private Span span() {
        return context.step().span();
    }

    private String path(String key) {
        return context.step().path() + ".action" + (key.isEmpty() ? "" : "." + key);
    }
}
