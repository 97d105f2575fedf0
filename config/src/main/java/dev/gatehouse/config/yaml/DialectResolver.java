package dev.gatehouse.config.yaml;

import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Leaves plain scalars undecided, so that {@link ScalarDialect} and not SnakeYAML says what they mean. */
final class DialectResolver extends Resolver {
    /** Tag of a plain scalar without a written tag. */
    static final Tag PLAIN = new Tag("tag:gatehouse.dev,2026:plain");

    @Override
    protected void addImplicitResolvers() {
        // None: see the class comment.
    }

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
        return kind == NodeId.scalar && implicit ? PLAIN : super.resolve(kind, value, implicit);
    }
}
