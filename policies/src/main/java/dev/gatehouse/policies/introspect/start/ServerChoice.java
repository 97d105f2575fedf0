package dev.gatehouse.policies.introspect.start;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a configuration says where its authorization server is: exactly one of {@code endpoint}, {@code endpoints},
 * {@code issuer} and {@code providers}. Start-up thread.
 */
final class ServerChoice {
    private final IntrospectOptions config;
    private final PolicyContext context;

    ServerChoice(IntrospectOptions config, PolicyContext context) {
        this.config = config;
        this.context = context;
    }

    /** @throws ConfigProblem unless exactly one way is chosen, and it is well-formed */
    void check() {
        List<String> ways = ways();
        if (ways.isEmpty()) {
            refuse(
                    "E0201",
                    context.step().span(),
                    "endpoint",
                    "'endpoint' of policy 'oauth2-introspect' is missing",
                    "add 'endpoint', a URL, or one of 'endpoints', 'issuer' and 'providers'.");
        }
        if (ways.size() > 1) {
            String first = ways.get(0);
            String second = ways.get(1);
            refuse(
                    "E0421",
                    span(second),
                    second,
                    "'" + first + "' and '" + second + "' of policy 'oauth2-introspect' contradict each other",
                    "remove one of them.");
        }
        if (written("strategy") != null && config.endpoints().isEmpty()) {
            refuse(
                    "E0421",
                    span("strategy"),
                    "strategy",
                    "'strategy' of policy 'oauth2-introspect' has no effect without 'endpoints'",
                    "remove it, or list the 'endpoints'.");
        }
        if (new HashSet<>(config.endpoints()).size() < config.endpoints().size()) {
            refuse(
                    "E0421",
                    span("endpoints"),
                    "endpoints",
                    "'endpoints' of policy 'oauth2-introspect' has a URL twice",
                    "remove one of them.");
        }
    }

    /** The option that says where the server is; the way must have been checked. */
    String way() {
        return ways().get(0);
    }

    /** The URLs that tokens or metadata requests go to. */
    List<URI> urls() {
        return Stream.concat(Stream.of(config.endpoint(), config.issuer()), config.endpoints().stream())
                .flatMap(Stream::ofNullable)
                .toList();
    }

    private List<String> ways() {
        List<String> ways = new ArrayList<>();
        if (config.endpoint() != null) {
            ways.add("endpoint");
        }
        if (!config.endpoints().isEmpty()) {
            ways.add("endpoints");
        }
        if (config.issuer() != null) {
            ways.add("issuer");
        }
        if (!config.providers().isEmpty()) {
            ways.add("providers");
        }
        return ways;
    }

    private @Nullable Node written(String key) {
        Node.@Nullable Mapping action = context.step().action();
        return action == null ? null : action.get(key);
    }

    private Span span(String key) {
        @Nullable Node value = written(key);
        return value == null ? context.step().span() : value.span();
    }

    private void refuse(String code, Span span, String key, String message, String hint) {
        String told = "pipeline '" + context.pipeline() + "': " + message;
        Problem problem =
                new Problem(code, Severity.ERROR, span, ProviderContext.path(context, key), told, List.of(hint));
        context.problems().add(problem);
        throw new ConfigProblem(problem);
    }
}
