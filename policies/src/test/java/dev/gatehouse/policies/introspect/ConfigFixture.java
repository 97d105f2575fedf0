package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.YamlReader;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Options of the policy as they are written in a file. */
final class ConfigFixture {
    private static final String ENDPOINT = "endpoint: http://127.0.0.1:9/introspect\n";
    private static final String CREDENTIAL = "authorization_value: Basic Z2F0ZXdheTpzM2NyM3Q=\n";

    /** Other ways to say where the server is. */
    private static final Pattern PLACE = Pattern.compile("(?m)^(endpoints|issuer|providers):");

    private ConfigFixture() {}

    /** The options in {@code yaml}, with an endpoint and a credential unless it names others. */
    static Node.Mapping node(String yaml) {
        boolean placed = yaml.contains("endpoint:") || PLACE.matcher(yaml).find();
        boolean known =
                yaml.contains("clientAuth:") || yaml.contains("authorization_value:") || yaml.contains("providers:");
        String text = (placed ? "" : ENDPOINT) + (known ? "" : CREDENTIAL) + yaml;
        return mapping(text);
    }

    /** The bound options, or null after problems were reported. */
    static @Nullable IntrospectOptions bind(Node.Mapping node, Problems problems) {
        return new RecordBinder(problems, BindOptions.DEFAULT)
                .bind(node, node.span(), "action", "policy 'oauth2-introspect'", IntrospectOptions.class);
    }

    static IntrospectOptions config(String yaml) {
        Problems problems = new Problems();
        IntrospectOptions config = bind(node(yaml), problems);
        return Objects.requireNonNull(
                config,
                () -> problems.all().stream().map(Problem::message).toList().toString());
    }

    /** Any section of a file. */
    static <C extends Record> C bind(String yaml, Class<C> type) {
        Node.Mapping node = mapping(yaml);
        Problems problems = new Problems();
        C bound = new RecordBinder(problems, BindOptions.DEFAULT).bind(node, node.span(), "", "section", type);
        return Objects.requireNonNull(bound, yaml);
    }

    private static Node.Mapping mapping(String text) {
        var document = new YamlReader(Map.of(), Path.of("")).read("gateway.config.yml", text);
        return (Node.Mapping) Objects.requireNonNull(document.root(), () -> "not YAML: " + document.faults());
    }
}
