package dev.gatehouse.policies.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policy.ConditionFactory.ConditionContext;
import dev.gatehouse.policy.ConfigProblem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compiles a schema where it stands in the configuration file. Nothing is fetched: the validator gets the schema, the
 * files beside the configuration that it refers to, and draft-07 itself. Start-up thread.
 */
final class WrittenSchema {
    private static final String DRAFT_7 = "http://json-schema.org/draft-07/schema";

    private final Node.Mapping written;
    private final String path;
    private final ConditionContext context;

    WrittenSchema(Node.Mapping written, String path, ConditionContext context) {
        this.written = written;
        this.path = path;
        this.context = context;
    }

    /**
     * The schema, checked and complete.
     *
     * @throws ConfigProblem E0485 when it is not valid, E0486 for a reference that leads nowhere, E0487 for a file that
     *     cannot be used, E0488 for another dialect
     */
    CompiledSchema compile() {
        checkDialect();
        SchemaReferences references = new SchemaReferences(written, path, context);
        PatternBudget patterns = new PatternBudget(context.ticker());
        UnknownKeywords unknown = new UnknownKeywords();
        SchemaRegistry registry = registry(references, patterns, unknown);
        JsonNode tree = Trees.node(references.root());
        try {
            check(registry, tree);
            Schema schema = registry.getSchema(SchemaLocation.of(SchemaReferences.HERE), tree);
            schema.initializeValidators();
            unknown.warn(written, path, context);
            return new CompiledSchema(schema, patterns);
        } catch (SchemaException refused) {
            String code = refused instanceof com.networknt.schema.InvalidSchemaRefException ? "E0486" : "E0485";
            throw problem(code, written.span(), path, "the schema cannot be used: " + refused.getMessage());
        }
    }

    private void checkDialect() {
        Node dialect = written.get("$schema");
        if (dialect instanceof Node.Scalar scalar
                && !scalar.text().replace("#", "").equals(DRAFT_7)) {
            throw problem(
                    "E0488",
                    dialect.span(),
                    path + ".$schema",
                    "'" + scalar.text() + "' is not the dialect of schemas here",
                    "write '" + DRAFT_7 + "#', or leave '$schema' out.");
        }
    }

    private static SchemaRegistry registry(
            SchemaReferences references, PatternBudget patterns, UnknownKeywords unknown) {
        SchemaRegistryConfig settings = SchemaRegistryConfig.builder()
                .regularExpressionFactory(patterns)
                .formatAssertionsEnabled(true)
                .preloadSchema(true)
                .build();
        Dialect draft7 = Dialect.builder(Dialects.getDraft7())
                .unknownKeywordFactory(unknown)
                .build();
        return SchemaRegistry.withDialect(
                draft7,
                registry -> registry.schemas(references.files())
                        .schemaLoader(loader -> loader.allow(iri -> references.isKnown(iri.toString())
                                || iri.toString().startsWith(DRAFT_7)
                                || iri.toString().startsWith("classpath:")))
                        .schemaRegistryConfig(settings));
    }

    /** Holds the schema against the schema of schemas; one problem for each place. */
    private void check(SchemaRegistry registry, JsonNode tree) {
        List<Error> errors =
                registry.getSchema(SchemaLocation.of(DRAFT_7 + "#")).validate(tree);
        Set<String> places = new HashSet<>();
        ConfigProblem last = null;
        for (Error error : errors) {
            NodePath place = error.getInstanceLocation();
            if (places.add(place.toString())) {
                if (last != null) {
                    context.problems().add(last.problem());
                }
                last = problem(
                        "E0485",
                        span(place),
                        path + dotted(place),
                        "'" + path + dotted(place) + "' is no schema of draft-07: " + error.getMessage());
            }
        }
        if (last != null) {
            throw last;
        }
    }

    private Span span(NodePath place) {
        Node node = written;
        for (int i = 0; i < place.getNameCount(); i++) {
            Node next = child(node, place.getName(i));
            if (next == null) {
                return node.span();
            }
            node = next;
        }
        return node.span();
    }

    private static @Nullable Node child(Node node, String name) {
        if (node instanceof Node.Mapping mapping) {
            return mapping.get(name);
        }
        if (node instanceof Node.Sequence sequence) {
            int index = Integer.parseInt(name);
            return index < sequence.items().size() ? sequence.items().get(index) : null;
        }
        return null;
    }

    private static String dotted(NodePath place) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < place.getNameCount(); i++) {
            text.append('.').append(place.getName(i));
        }
        return text.toString();
    }

    private static ConfigProblem problem(String code, Span span, String path, String message, String... hints) {
        List<String> advice =
                hints.length == 0 ? List.of("schemas have the words of JSON Schema draft-07.") : List.of(hints);
        return new ConfigProblem(new Problem(code, Severity.ERROR, span, path, message, advice));
    }
}
