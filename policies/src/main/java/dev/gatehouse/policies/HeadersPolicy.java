package dev.gatehouse.policies;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.Expression;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.policy.WrittenExpression;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Adds headers with computed values to the request sent to the service.
 *
 * <pre>{@code
 * - headers:
 *     - action:
 *         headersPrefix: x-user-
 *         forwardHeaders: { id: consumer.sub }      # the service sees x-user-id: alice
 * }</pre>
 *
 * <p>What a client sends under such a name is removed in any letter case, also when there is no value to set. A list
 * becomes one line with commas, which means the same as a line for each item (RFC 9110 section 5.3), an object is sent as JSON, undefined and null send nothing. A value that cannot be
 * sent ends the request with 500.
 */
public final class HeadersPolicy implements Policy {
    /** The headers. */
    public record Config(
            @Doc("Text put before every header name.") @Default("")
            String headersPrefix,

            @Doc("Header name to JavaScript expression, evaluated for each request.") @Default("{}")
            Map<String, Located<String>> forwardHeaders) {}

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        /** Fields that the gateway itself, authentication and cors read. */
        private static final Set<String> READ_BEFORE = Set.of(
                "accept",
                "access-control-request-headers",
                "access-control-request-method",
                "authorization",
                "content-encoding",
                "content-type",
                "cookie",
                "dpop",
                "host",
                "origin");

        @Override
        public String name() {
            return "headers";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            List<Rule> rules = new ArrayList<>();
            List<Problem> problems = new ArrayList<>();
            config.forwardHeaders().forEach((key, value) -> {
                String path = context.step().path() + ".action.forwardHeaders." + key;
                try {
                    rules.add(rule(config.headersPrefix() + key, value, path, context));
                } catch (ConfigProblem wrong) {
                    problems.add(wrong.problem());
                }
            });
            if (!problems.isEmpty()) {
                Problem last = problems.remove(problems.size() - 1);
                problems.forEach(context.problems()::add);
                throw new ConfigProblem(last);
            }
            if (context.step().condition() == null) {
                config.forwardHeaders().forEach((key, value) -> own(config.headersPrefix() + key, value, context));
            }
            return new HeadersPolicy(rules);
        }

        /**
         * What the client sent is dropped before the pipeline runs, unless somebody needs it there: the policies before
         * this one that read it, or the expression itself. At this step it is replaced in any case.
         */
        private static void own(String name, Located<String> value, PolicyContext context) {
            String text = value.value().toLowerCase(Locale.ROOT);
            String lower = name.toLowerCase(Locale.ROOT);
            boolean readsItself = text.contains("'" + lower + "'") || text.contains('"' + lower + '"');
            if (!READ_BEFORE.contains(lower) && !readsItself) {
                context.ownRequestHeader(name);
            }
        }

        private static Rule rule(String name, Located<String> value, String path, PolicyContext context) {
            if (!HeaderFields.isName(name)) {
                throw refused(value, path, "'" + name + "' cannot be the name of a header");
            }
            if (HeaderFields.isEngineOwned(name)) {
                throw refused(
                        value, path, "header '" + name + "' belongs to the connection and cannot be set by a policy");
            }
            return new Rule(AsciiString.cached(name), WrittenExpression.expression(value, path, context));
        }

        private static ConfigProblem refused(Located<String> value, String path, String message) {
            return new ConfigProblem(
                    new Problem("E0463", Severity.ERROR, value.span(), path, message, List.of("choose another name.")));
        }
    }

    private record Rule(AsciiString name, Expression value) {}

    private final Rule[] rules;

    private HeadersPolicy(List<Rule> rules) {
        this.rules = rules.toArray(new Rule[0]);
    }

    @Override
    public Verdict apply(Exchange exchange) {
        for (Rule rule : rules) {
            String line = HeaderFields.line(rule.value().valueIfKnown(exchange));
            HttpHeaders headers = exchange.request().headers();
            headers.remove(rule.name());
            if (line != null) {
                headers.add(rule.name(), line);
            }
        }
        return Verdict.next();
    }
}
