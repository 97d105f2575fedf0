package dev.gatehouse.policies.rewrite;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.rewrite.TargetMatch.Rewriting;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.route.ParsedTarget;
import dev.gatehouse.route.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the target of a request, or sends the client to another one.
 *
 * <pre>{@code
 * - rewrite:
 *     - condition: { name: pathmatch, match: '/v1/orders/:id' }
 *       action: { rewrite: '/orders/:id' }
 * }</pre>
 *
 * <p>The condition says what is replaced, so one of {@code pathmatch} and {@code regexpmatch} has to be there. The result
 * is read as strictly as a target from the network: dot segments and broken escapes are refused, slashes collapse.
 */
public final class RewritePolicy implements Policy {
    /** The target and how it is used. */
    public record Config(
            @Doc("The new target: ':name' of pathmatch, '$1' of regexpmatch.")
            Located<String> rewrite,

            @Doc("Status of a redirect to it; without one the request goes on with it.") @Nullable
            Integer redirect) {
        private static final int NOT_MODIFIED = 304;

        public Config {
            if (rewrite.value().isBlank()) {
                throw new IllegalArgumentException("rewrite: empty (expected: a path such as /orders/:id)");
            }
            if (redirect != null && (redirect < 300 || redirect > 399 || redirect == NOT_MODIFIED)) {
                throw new IllegalArgumentException("redirect: " + redirect + " (expected: 301, 302, 303, 307 or 308)");
            }
        }
    }

    /** Makes the policy of a step. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "rewrite";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            List<TargetMatch> matches = WrittenMatch.besideStep(context);
            Span span = config.rewrite().span();
            if (matches.isEmpty()) {
                throw problem(
                        context,
                        "E0491",
                        context.step().span(),
                        "'rewrite' needs a condition 'pathmatch' or 'regexpmatch' in its step",
                        "add 'condition: {name: pathmatch, match: /old/:id}'.");
            }
            try {
                NewTarget target = NewTarget.parse(config.rewrite().value(), config.redirect() != null);
                List<Rewriting> rewritings = new ArrayList<>();
                for (TargetMatch match : matches) {
                    rewritings.add(match.rewriting(target.template()));
                }
                return new RewritePolicy(rewritings, target, config.redirect());
            } catch (TemplateProblem e) {
                String message = "'" + config.rewrite().value() + "' cannot be used: " + e.getMessage();
                throw problem(context, e.code(), span, message, "a path such as '/orders/:id' is expected.");
            }
        }

        private static ConfigProblem problem(
                PolicyContext context, String code, Span span, String message, String hint) {
            String path = context.step().path() + ".action.rewrite";
            return new ConfigProblem(new Problem(code, Severity.ERROR, span, path, message, List.of(hint)));
        }
    }

    private static final int LONGEST = 16_384;
    private static final String NO_CONTENT_TYPE = "text/plain; charset=utf-8";

    private final List<Rewriting> rewritings;
    private final NewTarget target;
    private final @Nullable Integer redirect;

    private RewritePolicy(List<Rewriting> rewritings, NewTarget target, @Nullable Integer redirect) {
        this.rewritings = List.copyOf(rewritings);
        this.target = target;
        this.redirect = redirect;
    }

    @Override
    public Verdict apply(Exchange exchange) {
        String received = exchange.request().uri();
        for (Rewriting rewriting : rewritings) {
            String result = rewriting.result(received);
            if (result != null) {
                return result.length() > LONGEST
                        ? Verdict.reply(Reply.refuse(Refusal.URI_TOO_LONG))
                        : use(exchange, result);
            }
        }
        // Only beside another condition in a oneOf: nothing says what is to be replaced.
        return Verdict.reply(Reply.refuse(Refusal.POLICY_FAILED));
    }

    private Verdict use(Exchange exchange, String result) {
        String fragment = NewTarget.fragment(result);
        String rest = result.substring(0, result.length() - fragment.length());
        ParsedTarget parsed = RequestTarget.parse(target.path(rest), HttpMethod.GET);
        if (!(parsed instanceof RequestTarget checked) || checked.authority() != null) {
            return Verdict.reply(Reply.refuse(Refusal.BAD_REQUEST));
        }
        if (redirect == null) {
            exchange.request().setUri(checked.originForm());
            return Verdict.next();
        }
        String location = target.origin() + checked.originForm() + fragment;
        return Verdict.reply(
                Reply.of(null, redirect, NO_CONTENT_TYPE, new byte[0]).withHeader(HttpHeaderNames.LOCATION, location));
    }
}
