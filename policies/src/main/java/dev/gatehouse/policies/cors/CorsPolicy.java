package dev.gatehouse.policies.cors;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.ResponseHead;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers which web pages may call an API and read its answers, and answers their preflights.
 *
 * <pre>{@code
 * - cors:
 *     - action:
 *         origin: [https://app.example.com, !!js/regexp '/^https:\/\/[a-z]+\.example\.com$/']
 *         credentials: true
 *         maxAge: 600
 * }</pre>
 *
 * <p>Every OPTIONS request counts as a preflight and ends here, as in Express Gateway. An origin that is not allowed is
 * not refused: the request goes on without {@code Access-Control-Allow-Origin}, and the browser keeps the answer from
 * the page. A field of this protocol that the service sends itself wins, unless {@code override} is set.
 */
public final class CorsPolicy implements Policy {
    /** What pages may do. */
    public record Config(
            @Doc("Allowed origins: '*', one origin, a list of origins and !!js/regexp, one !!js/regexp;"
                    + " true = any, by name; false = the policy does nothing.")
            @Default("'*'")
            Node origin,

            @Doc("Methods that a preflight allows; a list, or a text with commas.")
            @Default("GET,HEAD,PUT,PATCH,POST,DELETE")
            @OneOrMany
            List<String> methods,

            @Doc("Request headers that a preflight allows; a list, or a text with commas; absent = what is asked for.")
            @OneOrMany
            @Nullable
            List<String> allowedHeaders,

            @Doc("Response headers that pages may read; a list, or a text with commas.") @Default("[]") @OneOrMany
            List<String> exposedHeaders,

            @Doc("Pages may send cookies and client certificates.") @Default("false")
            boolean credentials,

            @Doc("Seconds for which browsers remember a preflight; -1 = not at all; absent = their own choice.")
            @Nullable
            Integer maxAge,

            @Doc("Status of the answer to a preflight, 200 to 299.") @Default("204")
            int optionsSuccessStatus,

            @Doc("A preflight goes on to the next policy.") @Default("false")
            boolean preflightContinue,

            @Doc("These headers replace those of the service.") @Default("false")
            boolean override) {
        public Config {
            requireNames("methods", methods);
            requireNames("allowedHeaders", allowedHeaders == null ? List.of() : allowedHeaders);
            requireNames("exposedHeaders", exposedHeaders);
            if (maxAge != null && maxAge < -1) {
                throw new IllegalArgumentException("maxAge: expected a number of seconds or -1, found " + maxAge);
            }
            if (optionsSuccessStatus < 200 || optionsSuccessStatus > 299) {
                throw new IllegalArgumentException(
                        "optionsSuccessStatus: expected a number from 200 to 299, found " + optionsSuccessStatus);
            }
        }

        private static void requireNames(String key, List<String> texts) {
            for (String name : String.join(",", texts).split(",", -1)) {
                if (!name.isBlank() && !HeaderFields.isName(name.strip())) {
                    throw new IllegalArgumentException(key + ": '" + name.strip() + "' cannot be a name");
                }
            }
        }
    }

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "cors";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            return new CorsPolicy(config, new OriginReader(context).read(config.origin(), config.credentials()));
        }
    }

    private static final AsciiString ALLOW_ORIGIN = HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN;
    private static final AsciiString ALLOW_CREDENTIALS = HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS;
    private static final AsciiString ALLOW_METHODS = HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS;
    private static final AsciiString ALLOW_HEADERS = HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS;
    private static final AsciiString MAX_AGE = HttpHeaderNames.ACCESS_CONTROL_MAX_AGE;
    private static final AsciiString EXPOSE_HEADERS = HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS;
    private static final AsciiString REQUEST_HEADERS = HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS;
    private static final List<AsciiString> ALL =
            List.of(ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, MAX_AGE, EXPOSE_HEADERS);

    private static final String REQUEST_HEADERS_NAME = "Access-Control-Request-Headers";

    private final @Nullable Origins origins;
    private final @Nullable String credentials;
    private final @Nullable String methods;
    private final @Nullable String allowedHeaders;
    private final boolean reflectsHeaders;
    private final @Nullable String maxAge;
    private final @Nullable String exposedHeaders;
    private final boolean override;
    private final boolean preflightContinue;
    private final Verdict preflight;

    /**
     * Compiles the fixed values.
     *
     * @param origins null = the policy does nothing
     */
    private CorsPolicy(Config config, @Nullable Origins origins) {
        this.origins = origins;
        credentials = config.credentials() ? "true" : null;
        methods = line(config.methods());
        List<String> allowed = config.allowedHeaders();
        allowedHeaders = allowed == null ? null : line(allowed);
        // Express Gateway takes an empty text for "not set", but an empty list for "none".
        reflectsHeaders = allowed == null || (allowedHeaders == null && !allowed.isEmpty());
        maxAge = config.maxAge() == null ? null : config.maxAge().toString();
        exposedHeaders = line(config.exposedHeaders());
        override = config.override();
        preflightContinue = config.preflightContinue();
        preflight = Verdict.reply(Reply.of(null, config.optionsSuccessStatus(), "text/plain", new byte[0]));
    }

    private static @Nullable String line(List<String> texts) {
        String line = String.join(",", texts);
        return line.isBlank() ? null : line;
    }

    @Override
    public Verdict apply(Exchange exchange) {
        if (origins == null) {
            return Verdict.next();
        }
        String origin = origins.allowed(exchange);
        boolean varies = origins.varies();
        if (!exchange.request().method().equals(HttpMethod.OPTIONS)) {
            exchange.onResponse(response -> describe(response.message().headers(), origin, varies));
            return Verdict.next();
        }
        String headers = reflectsHeaders ? asked(exchange.request().headers()) : allowedHeaders;
        exchange.onResponse(response -> describePreflight(response, origin, varies, headers));
        return preflightContinue ? Verdict.next() : preflight;
    }

    @Override
    public boolean answersPreflights() {
        return true;
    }

    private static @Nullable String asked(HttpHeaders request) {
        List<String> lines = request.getAll(REQUEST_HEADERS);
        return lines.isEmpty() ? null : String.join(", ", lines);
    }

    private void describe(HttpHeaders response, @Nullable String origin, boolean varies) {
        clear(response);
        setOrigin(response, origin, varies);
        set(response, EXPOSE_HEADERS, exposedHeaders);
    }

    private void describePreflight(
            ResponseHead head, @Nullable String origin, boolean varies, @Nullable String headers) {
        HttpHeaders response = head.message().headers();
        if (!head.fromUpstream() && !preflightContinue) {
            // An answer without content has no type.
            response.remove(HttpHeaderNames.CONTENT_TYPE);
        }
        clear(response);
        setOrigin(response, origin, varies);
        set(response, ALLOW_METHODS, methods);
        if (reflectsHeaders && !response.contains(ALLOW_HEADERS)) {
            Vary.add(response, REQUEST_HEADERS_NAME);
        }
        set(response, ALLOW_HEADERS, headers);
        set(response, MAX_AGE, maxAge);
        set(response, EXPOSE_HEADERS, exposedHeaders);
    }

    private void clear(HttpHeaders response) {
        if (override) {
            ALL.forEach(response::remove);
        }
    }

    /** A service that names an origin itself also says what its answer depends on: its {@code Vary} stays as it is. */
    private void setOrigin(HttpHeaders response, @Nullable String origin, boolean varies) {
        if (varies && !response.contains(ALLOW_ORIGIN)) {
            Vary.add(response, "Origin");
        }
        set(response, ALLOW_ORIGIN, origin);
        set(response, ALLOW_CREDENTIALS, credentials);
    }

    private static void set(HttpHeaders response, AsciiString name, @Nullable String value) {
        if (value != null && !response.contains(name)) {
            response.set(name, value);
        }
    }
}
