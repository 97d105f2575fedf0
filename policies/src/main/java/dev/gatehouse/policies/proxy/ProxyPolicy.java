package dev.gatehouse.policies.proxy;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Unit;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.RedirectRules;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends the request to a service endpoint and streams the answer back.
 *
 * <pre>{@code
 * - proxy:
 *     - action:
 *         serviceEndpoint: backend     # http://10.0.0.7:3000/base
 *         stripPath: true              # /orders/7 of the path /orders/* becomes /base/7
 *         xfwd: true                   # tells the service the client's address
 * }</pre>
 *
 * <p>Options of the same name under {@code serviceEndpoints.X.proxyOptions} win over those of the action, as in Express
 * Gateway, and {@code action.proxyOptions} win over both.
 */
public final class ProxyPolicy implements Policy {
    private static final AsciiString EG_REQUEST_ID = AsciiString.cached("eg-request-id");

    /** How one of several URLs is picked. */
    public enum Strategy {
        ROUND_ROBIN
    }

    /** A scheme of redirects. */
    public enum Protocol {
        HTTP,
        HTTPS
    }

    /** What concerns the connection to the service. */
    public record TargetOptions(
            @Doc("PEM file of the key of the client certificate.") @Nullable
            String keyFile,

            @Doc("PEM file of the client certificate and its chain.") @Nullable
            String certFile,

            @Doc("PEM file of the authorities that may have signed the service's certificate.") @Nullable
            String caFile,

            @Doc("Unix domain socket that is connected to instead of the host and port of the URL.") @Nullable
            Located<String> socketPath) {
        public TargetOptions {
            if ((keyFile == null) != (certFile == null)) {
                throw new IllegalArgumentException(
                        keyFile == null ? "certFile: needs 'keyFile', too" : "keyFile: needs 'certFile', too");
            }
        }
    }

    /** What can be written under {@code action} and under {@code proxyOptions}. */
    public record Config(
            @Doc("Service endpoint that gets the requests.") @Nullable
            Located<String> serviceEndpoint,

            @Doc("How one of several URLs is picked; 'round-robin' is the only way.") @Default("round-robin")
            Strategy strategy,

            @Doc("The Host field names the service; otherwise it is that of the client.") @Default("true")
            boolean changeOrigin,

            @Doc("The path of the service's URL is put before the path of the request.") @Default("true")
            boolean prependPath,

            @Doc("Path and query of the request are left out.") @Default("false")
            boolean ignorePath,

            @Doc("What the path of the api endpoint matched before its first ':' or '*' is cut off.") @Default("false")
            boolean stripPath,

            @Doc("Adds x-forwarded-for, -port, -proto and -host.") @Default("false")
            boolean xfwd,

            @Doc("Verifies the certificate of the service.") @Default("true")
            boolean secure,

            @Doc("Credentials 'user:password' for the service, sent as Basic.") @Nullable
            Secret auth,

            @Doc("Header fields for the service; they replace those of the request.") @Default("{}")
            Map<String, String> headers,

            @Doc("The same as 'proxyTimeout'.") @Unit(ChronoUnit.MILLIS) @Nullable
            Duration timeout,

            @Doc("Longest time to the response headers of the service; absent or 0 = limits.upstreamResponseTimeoutMs.")
            @Unit(ChronoUnit.MILLIS)
            @Nullable
            Duration proxyTimeout,

            @Doc("Redirects to the service name the Host of the client instead.") @Default("false")
            boolean autoRewrite,

            @Doc("Redirects to the service name this host instead.") @Nullable
            String hostRewrite,

            @Doc("Redirects to the service get this scheme.") @Nullable
            Protocol protocolRewrite,

            @Doc("New domain of cookies, or a mapping from old to new; '*' is any, an empty text removes it.") @Nullable
            Node cookieDomainRewrite,

            @Doc("New path of cookies, or a mapping from old to new; '*' is any, an empty text removes it.") @Nullable
            Node cookiePathRewrite,

            @Doc("Header names of the answer keep the spelling of the service.") @Default("false")
            boolean preserveHeaderKeyCase,

            @Doc("The connection to the service.") @Nullable TargetOptions target,

            @Doc("Has no effect.") @Nullable Located<Boolean> toProxy,

            @Doc("Redirects of the service are followed here, at most 21; the client gets the final answer.")
            @Default("false")
            boolean followRedirects,

            @Doc("WebSocket handshakes reach the service, and both sides are joined when it accepts.") @Default("false")
            boolean ws,

            @Doc("Address of this machine that connections to the service come from.") @Nullable
            Located<String> localAddress,

            @Doc("Forward proxy between the gateway and the service; it may hold credentials.") @Nullable
            Located<Secret> proxyUrl,

            @Doc("Old place of the options.") Node.@Nullable Mapping proxyOptions) {
        public Config {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            if (proxyTimeout != null && proxyTimeout.isNegative()) {
                throw new IllegalArgumentException("proxyTimeout: expected 0 or more milliseconds");
            }
            if (timeout != null && timeout.isNegative()) {
                throw new IllegalArgumentException("timeout: expected 0 or more milliseconds");
            }
        }

        /** Time to the response headers; null = the limit of the gateway. */
        @Nullable
        Duration responseTimeout() {
            Duration chosen = proxyTimeout != null ? proxyTimeout : timeout;
            return chosen == null || chosen.isZero() ? null : chosen;
        }
    }

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "proxy";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            return new ProxyPolicy(new ProxySetup(config, context));
        }

        @Override
        public boolean terminal() {
            return true;
        }
    }

    private record StaticHeader(AsciiString name, String value) {}

    private final String service;
    private final ServiceUrls urls;
    private final OutgoingTarget outgoing;
    private final boolean changeOrigin;
    private final boolean xfwd;
    private final boolean preserveHeaderCase;
    private final @Nullable Duration responseTimeout;
    private final @Nullable LocationRewrite location;
    private final @Nullable CookieRewrite cookies;
    private final List<StaticHeader> headers;
    private final @Nullable RedirectRules redirects;
    private final boolean upgradable;

    ProxyPolicy(ProxySetup setup) {
        Config options = setup.options();
        service = setup.service();
        urls = setup.urls();
        outgoing = new OutgoingTarget(options.stripPath(), options.ignorePath());
        changeOrigin = options.changeOrigin();
        xfwd = options.xfwd();
        preserveHeaderCase = options.preserveHeaderKeyCase();
        responseTimeout = options.responseTimeout();
        location = LocationRewrite.of(options, urls);
        cookies = setup.cookies();
        headers = setup.headers().entrySet().stream()
                .map(entry -> new StaticHeader(AsciiString.cached(entry.getKey()), entry.getValue()))
                .toList();
        redirects = options.followRedirects() ? redirectRules(setup) : null;
        upgradable = options.ws();
    }

    /** Static headers are often keys of the service; the address of the client is nobody else's business. */
    private static RedirectRules redirectRules(ProxySetup setup) {
        Set<String> confidential = new LinkedHashSet<>(setup.headers().keySet());
        if (setup.options().xfwd()) {
            confidential.addAll(ForwardedFields.NAMES);
        }
        return new RedirectRules(confidential);
    }

    @Override
    public Verdict apply(Exchange exchange) {
        if (urls.isEmpty()) {
            return Verdict.reply(Reply.refuse(Refusal.NO_SERVICE));
        }
        ServiceUrl url = urls.next();
        String target = outgoing.of(exchange, url);
        if (target == null) {
            return Verdict.reply(Reply.refuse(Refusal.BAD_REQUEST));
        }
        HttpHeaders request = exchange.request().headers();
        String clientHost = request.get(HttpHeaderNames.HOST);
        rewriteResponse(exchange, clientHost);
        if (xfwd) {
            ForwardedFields.add(request, exchange.peer(), clientHost);
        }
        if (changeOrigin || clientHost == null) {
            request.set(HttpHeaderNames.HOST, url.authority());
        }
        if (url.authorization() != null) {
            request.set(HttpHeaderNames.AUTHORIZATION, url.authorization());
        }
        request.set(EG_REQUEST_ID, exchange.id());
        for (StaticHeader header : headers) {
            request.set(header.name(), header.value());
        }
        return Verdict.forward(new ForwardPlan(
                service, url.tried(), target, responseTimeout, preserveHeaderCase, redirects, upgradable));
    }

    private void rewriteResponse(Exchange exchange, @Nullable String clientHost) {
        LocationRewrite redirects = location;
        if (redirects != null) {
            exchange.onResponse(response -> redirects.apply(response, clientHost));
        }
        if (cookies != null) {
            exchange.onResponse(cookies);
        }
    }
}
