package dev.gatehouse.policies.schema;

import com.networknt.schema.SchemaContext;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordFactory;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policy.PolicyContext;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of a schema that draft-07 does not know. They check nothing; one that is probably misspelt was meant to.
 * Start-up thread.
 */
final class UnknownKeywords implements KeywordFactory {
    /** Words that check nothing either. */
    private static final Set<String> NOTES = Set.of("$comment", "default", "description", "examples", "title");

    private final Set<String> names = new LinkedHashSet<>();

    @Override
    public Keyword getKeyword(String name, SchemaContext context) {
        names.add(name);
        return new AnnotationKeyword(name);
    }

    /** Warns about near misses. */
    void warn(Node.Mapping written, String path, PolicyContext context) {
        Set<String> known = Dialects.getDraft7().getKeywords().keySet();
        for (String name : names) {
            String near = Nearest.to(name, known);
            if (near != null && !NOTES.contains(near)) {
                Span place = place(written, name);
                context.problems()
                        .warn(
                                "W0485",
                                place == null ? written.span() : place,
                                path,
                                "'" + name + "' is no word of JSON Schema and checks nothing",
                                "did you mean '" + near + "'?");
            }
        }
    }

    private static @Nullable Span place(Node node, String name) {
        Span found = null;
        if (node instanceof Node.Mapping mapping) {
            for (Node.Entry entry : mapping.entries()) {
                Span here = entry.key().equals(name) ? entry.keySpan() : place(entry.value(), name);
                found = found == null ? here : found;
            }
        } else if (node instanceof Node.Sequence sequence) {
            for (Node item : sequence.items()) {
                found = found == null ? place(item, name) : found;
            }
        }
        return found;
    }
}
