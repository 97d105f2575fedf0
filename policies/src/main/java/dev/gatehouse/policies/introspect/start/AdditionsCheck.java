package dev.gatehouse.policies.introspect.start;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policies.introspect.options.RequestOptions;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what the operator adds to introspection requests when it would replace what the gateway itself says there:
 * which token is meant, who asks, where the message ends. Start-up thread.
 */
final class AdditionsCheck {
    private static final Set<String> PARAMS = Set.of(
            "token", "token_type_hint", "client_id", "client_secret", "client_assertion", "client_assertion_type");

    private static final Set<String> HEADERS = Set.of(
            "accept",
            "accept-encoding",
            "authorization",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final RequestOptions request;
    private final PolicyContext context;

    AdditionsCheck(RequestOptions request, PolicyContext context) {
        this.request = request;
        this.context = context;
    }

    /**
     * Refuses names that are taken.
     *
     * @throws ConfigProblem at the first one
     */
    void run() {
        String tokenParam = request.tokenParam();
        boolean taken = PARAMS.contains(tokenParam) && !tokenParam.equals("token");
        if (tokenParam.isEmpty() || taken) {
            throw problem(
                    "tokenParam",
                    null,
                    "'" + tokenParam + "' cannot be the name of the parameter that holds the token");
        }
        for (String name : request.params().keySet()) {
            if (name.isEmpty() || PARAMS.contains(name) || name.equals(tokenParam)) {
                throw problem("params", name, "parameter '" + name + "' is set by the gateway itself");
            }
        }
        request.headers().forEach(this::checkHeader);
    }

    private void checkHeader(String name, Secret value) {
        if (HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw problem("headers", name, "header '" + name + "' is set by the gateway itself");
        }
        boolean valid = !name.isEmpty()
                && name.chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
        if (!valid) {
            throw problem("headers", name, "'" + name + "' is no name of a header field");
        }
        if (value.reveal().chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
            throw problem(
                    "headers", name, "the value of header '" + name + "' holds a character that no field may have");
        }
    }

    private ConfigProblem problem(String group, @Nullable String name, String message) {
        String key = "request." + group + (name == null ? "" : "." + name);
        Problem problem = new Problem(
                "E0425",
                Severity.ERROR,
                span(group, name),
                ProviderContext.path(context, key),
                "'" + key + "': " + message,
                List.of(group.equals("headers") ? "set 'clientAuth' for credentials." : "choose another name."));
        context.problems().add(problem);
        return new ConfigProblem(problem);
    }

    private Span span(String group, @Nullable String name) {
        Node.@Nullable Mapping action = context.step().action();
        Node.@Nullable Mapping request =
                action != null && action.get("request") instanceof Node.Mapping written ? written : null;
        Node found = request == null ? null : request.get(group);
        if (name != null && found instanceof Node.Mapping fields) {
            for (Node.Entry field : fields.entries()) {
                if (field.key().equals(name)) {
                    return field.keySpan();
                }
            }
        }
        return found == null ? context.step().span() : found.span();
    }
}
