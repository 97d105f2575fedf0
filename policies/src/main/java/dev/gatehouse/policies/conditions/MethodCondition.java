package dev.gatehouse.policies.conditions;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * True when the method is one of the configured. GET does not include HEAD here.
 *
 * <pre>{@code
 * condition: { name: method, methods: [PUT, DELETE] }
 * }</pre>
 */
public final class MethodCondition implements Condition {
    /** The methods. */
    public record Config(
            @Doc("A method or a list of methods, in any letter case.") @OneOrMany
            List<String> methods) {
        public Config {
            for (String method : methods) {
                if (!HeaderFields.isName(method)) {
                    throw new IllegalArgumentException("methods: expected names of methods, found '" + method + "'");
                }
            }
        }
    }

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "method";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new MethodCondition(config.methods());
        }
    }

    private final Set<String> methods;

    private MethodCondition(List<String> methods) {
        this.methods =
                methods.stream().map(method -> method.toUpperCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean test(Exchange exchange) {
        return methods.contains(exchange.request().method().name());
    }
}
