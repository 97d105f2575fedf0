package dev.gatehouse.policies.introspect.start;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refuses options that are described but not built yet, at the place where they are written. A value that asks for
 * what happens anyway is fine.
 */
final class UnsupportedOptions {
    /** Stands for "no value is fine". */
    private static final Object NONE = new Object();

    private static final Map<String, Object> OPTIONS = Map.ofEntries(
            Map.entry("jwt", "off"),
            Map.entry("longLived", NONE),
            Map.entry("http2", false),
            Map.entry("request.context", NONE),
            Map.entry("response.lenientActive", false),
            Map.entry("response.claimsPath", NONE),
            Map.entry("claims.forbidden", NONE),
            Map.entry("claims.expression", NONE),
            Map.entry("scopes.hierarchy", "none"),
            Map.entry("cache.redis", false),
            Map.entry("resilience.prewarm", false),
            Map.entry("identity.headersEncoding", "plain"),
            Map.entry("identity.internalJwt", NONE));

    private final PolicyContext context;

    UnsupportedOptions(PolicyContext context) {
        this.context = context;
    }

    /** @throws ConfigProblem after reporting every such option */
    void check() {
        Node.@Nullable Mapping action = context.step().action();
        @Nullable Problem first = action == null ? null : check(action, "");
        if (first != null) {
            throw new ConfigProblem(first);
        }
    }

    private @Nullable Problem check(Node.Mapping mapping, String prefix) {
        @Nullable Problem first = null;
        for (Node.Entry entry : mapping.entries()) {
            String path = prefix + entry.key();
            @Nullable Problem problem = null;
            if (OPTIONS.containsKey(path)) {
                if (!Objects.equals(OPTIONS.get(path), entry.value().plain())) {
                    problem = report(entry, path);
                }
            } else if (entry.value() instanceof Node.Mapping nested) {
                problem = check(nested, path + ".");
            }
            first = first == null ? problem : first;
        }
        return first;
    }

    private Problem report(Node.Entry entry, String path) {
        Problem problem = new Problem(
                "E0422",
                Severity.ERROR,
                entry.keySpan(),
                ProviderContext.path(context, path),
                "'" + path + "' of policy 'oauth2-introspect' is not supported yet",
                List.of("remove it; the gateway does not start with a protection that it cannot give."));
        context.problems().add(problem);
        return problem;
    }
}
