package dev.gatehouse.policies.schema;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.policy.BodyLimit;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * True when the body of the request fits a JSON schema of draft-07.
 *
 * <pre>{@code
 * condition:
 *   name: json-schema
 *   schema: { type: object, required: [sku], properties: { sku: { type: string } } }
 * }</pre>
 *
 * <p>JSON and forms are read; any other body, and none, counts as an empty object. The service gets what the client
 * sent. A body that cannot be read ends the request before any condition of the step is asked. The values of a form are
 * texts, so they are taken for numbers and booleans where the schema wants them; those of JSON only with {@code coerce}.
 */
public final class JsonSchemaCondition implements Condition {
    private static final Logger LOG = LoggerFactory.getLogger(JsonSchemaCondition.class);
    private static final int STANDARD_BODY = 102_400;

    /** What is checked. */
    public record Config(
            @Doc("JSON schema of draft-07.") Node.Mapping schema,

            @Doc("Whether a body that does not fit is logged: the place in the schema, never a value.")
            @Default("false")
            boolean logErrors,

            @Doc("Whether a value of another type is converted where that loses nothing; null = in forms only.")
            @Nullable
            Boolean coerce,

            @Doc("Largest body that is read, in bytes; a larger one is answered with 413.") @Default("102400")
            Located<Integer> maxBodySize) {
        public Config {
            BodyLimit.check("maxBodySize", maxBodySize);
        }
    }

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "json-schema";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            String path = context.step().path() + ".condition";
            context.needBody(BodyLimit.of(config.maxBodySize(), STANDARD_BODY, path + ".maxBodySize", context));
            CompiledSchema schema = new WrittenSchema(config.schema(), path + ".schema", context).compile();
            return new JsonSchemaCondition(
                    schema,
                    new TextCoercion(config.schema().plain()),
                    config,
                    context.step().policy() + '@' + context.step().span().line());
        }
    }

    private final CompiledSchema schema;
    private final TextCoercion coercion;
    private final @Nullable Boolean coerce;
    private final boolean logErrors;
    private final String step;

    private JsonSchemaCondition(CompiledSchema schema, TextCoercion coercion, Config config, String step) {
        this.schema = schema;
        this.coercion = coercion;
        this.coerce = config.coerce();
        this.logErrors = config.logErrors();
        this.step = step;
    }

    @Override
    public boolean test(Exchange exchange) {
        ParsedBody body = exchange.parsedBody();
        if (body == null) {
            throw new IllegalStateException("the body was not read for the condition of " + step);
        }
        boolean coerced = coerce == null ? body.kind() == ParsedBody.Kind.FORM : coerce;
        String misfit = schema.misfit(coerced ? coercion.of(body.tree()) : body.tree());
        if (misfit != null && logErrors) {
            LOG.warn("the body of request {} does not fit the schema of {}: {}", exchange.id(), step, misfit);
        }
        return misfit == null;
    }
}
