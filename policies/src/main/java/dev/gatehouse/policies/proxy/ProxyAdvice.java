package dev.gatehouse.policies.proxy;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policy.PolicyContext;
import org.jspecify.annotations.Nullable;

/** Tells the operator which options of a proxy step have no effect, or not yet. Start-up thread. */
final class ProxyAdvice {
    private final PolicyContext context;
    private final ProxyPolicy.Config options;

    ProxyAdvice(PolicyContext context, ProxyPolicy.Config options) {
        this.context = context;
        this.options = options;
    }

    void give() {
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
    }

    private static boolean isOn(@Nullable Located<Boolean> option) {
        return option != null && option.value();
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
