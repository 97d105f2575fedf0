package dev.gatehouse.policies.conditions;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.Expression;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.WrittenExpression;

/**
 * True when the value of a JavaScript expression is. An expression that fails ends the request with 500.
 *
 * <pre>{@code
 * condition: { name: expression, expression: "req.query.v === '2'" }
 * }</pre>
 */
public final class ExpressionCondition implements Condition {
    /** What is evaluated. */
    public record Config(
            @Doc("JavaScript expression; empty text, 0, null, undefined and NaN count as false.")
            Located<String> expression) {}

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "expression";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            String path = context.step().path() + ".condition.expression";
            return new ExpressionCondition(WrittenExpression.expression(config.expression(), path, context));
        }
    }

    private final Expression expression;

    private ExpressionCondition(Expression expression) {
        this.expression = expression;
    }

    @Override
    public boolean test(Exchange exchange) {
        return expression.truthy(exchange);
    }
}
