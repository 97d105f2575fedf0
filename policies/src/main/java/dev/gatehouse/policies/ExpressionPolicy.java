package dev.gatehouse.policies;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.Expression;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.policy.WrittenExpression;

/**
 * Runs JavaScript for its effects on the request and the response.
 *
 * <pre>{@code
 * - expression:
 *     - action:
 *         jscode: "req.url = req.url.replace('/v1', ''); res.set('x-api', 'v1')"
 * }</pre>
 *
 * <p>The pipeline goes on, unless the script sent a response: then it ends with that. A script that throws or passes a
 * limit ends the request with 500, or with the status that the thrown object carries.
 */
public final class ExpressionPolicy implements Policy {
    /** What runs. */
    public record Config(
            @Doc("JavaScript that runs for each request; its value is ignored.")
            Located<String> jscode) {}

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "expression";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            String path = context.step().path() + ".action.jscode";
            return new ExpressionPolicy(WrittenExpression.expression(config.jscode(), path, context));
        }
    }

    private final Expression script;

    private ExpressionPolicy(Expression script) {
        this.script = script;
    }

    @Override
    public Verdict apply(Exchange exchange) {
        script.run(exchange);
        // A response that the script sent is not forgotten: the engine ends the pipeline with it.
        return Verdict.next();
    }
}
