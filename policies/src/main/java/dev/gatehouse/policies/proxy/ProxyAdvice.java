package dev.gatehouse.policies.proxy;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policy.PolicyContext;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tells the operator which options of a proxy step have no effect, or not yet. Start-up thread. */
final class ProxyAdvice {
    private final PolicyContext context;
    private final ProxyPolicy.Config options;

    ProxyAdvice(PolicyContext context, ProxyPolicy.Config options) {
        this.context = context;
        this.options = options;
    }

    void give(UnaryOperator<@Nullable String> environment) {
        proxyUrl();
        Located<String> localAddress = options.localAddress();
        if (localAddress != null) {
            warn("W0444", localAddress.span(), "localAddress", "'localAddress' is not yet supported and has no effect");
        }
        if (isOn(options.toProxy())) {
            warn("W0445", span(options.toProxy()), "toProxy", "'toProxy' has no effect");
        }
        if (options.stripPath() && context.apiEndpoints().stream().anyMatch(endpoint -> endpoint.pathRegex() != null)) {
            warn(
                    "W0446",
                    span(null),
                    "stripPath",
                    "'stripPath' cuts nothing off where an api endpoint has a 'pathRegex'");
        }
        environment(environment);
    }

    private void proxyUrl() {
        Located<String> proxyUrl = options.proxyUrl();
        if (proxyUrl != null && !proxyUrl.value().isEmpty()) {
            // Going around the proxy that somebody prescribed may leave a network that must not be left.
            context.problems()
                    .error(
                            "E0441",
                            proxyUrl.span(),
                            path("proxyUrl"),
                            "'proxyUrl' is not yet supported",
                            "remove 'proxyUrl' only if the gateway may connect to the service directly.");
        }
    }

    private static boolean isOn(@Nullable Located<Boolean> option) {
        return option != null && option.value();
    }

    private void environment(UnaryOperator<@Nullable String> environment) {
        for (String name : List.of("http_proxy", "HTTP_PROXY")) {
            String value = environment.apply(name);
            if (value != null && !value.isEmpty()) {
                context.problems()
                        .warn(
                                "W0448",
                                null,
                                "",
                                "environment variable '" + name
                                        + "' is not yet supported: services are called directly");
            }
        }
    }

    private Span span(@Nullable Located<?> option) {
        return option == null ? context.step().span() : option.span();
    }

    private void warn(String code, Span span, String key, String message) {
        context.problems().warn(code, span, path(key), message);
    }

    private String path(String key) {
        return context.step().path() + ".action." + key;
    }
}
