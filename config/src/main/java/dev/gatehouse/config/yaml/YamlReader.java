package dev.gatehouse.config.yaml;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads the bytes of a configuration file: text, references, YAML in the dialect of js-yaml 3 (JSON is part of it),
 * located nodes. Never throws for what is in the file; everything wrong becomes a {@link Fault}.
 */
public final class YamlReader {
    /** Deepest nesting of a file. */
    static final int MAX_DEPTH = 64;

    private static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final int MAX_TAB_REPAIRS = 1000;

    private final Map<String, String> environment;
    private final Substitution.Files files;

    /** {@code directory} is where relative names in {@code ${file:…}} are looked for after the working directory. */
    public YamlReader(Map<String, String> environment, Path directory) {
        this(environment, new SecretFiles(directory));
    }

    YamlReader(Map<String, String> environment, Substitution.Files files) {
        this.environment = Map.copyOf(environment);
        this.files = files;
    }

    /**
     * Reads {@code file}; relative names in its {@code ${file:…}} are looked for in the working directory and then
     * beside it.
     */
    public static Document read(Path file, Map<String, String> environment) {
        Path parent = file.toAbsolutePath().getParent();
        String name = file.toString();
        try {
            byte[] bytes = Files.readAllBytes(file);
            return new YamlReader(environment, parent == null ? Path.of("") : parent).read(name, bytes);
        } catch (IOException unreadable) {
            String message = Files.exists(file) ? "the file cannot be read" : "the file does not exist";
            Source source = new Source(name, List.of());
            Fault fault = new Fault("E0107", new Span(source, 1, 1, 1, 1), "", message, List.of());
            return new Document(source, null, List.of(fault));
        }
    }

    /** Reads one file; {@code name} is how messages call it. */
    public Document read(String name, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return unreadable(
                    name, "", 0, "the file is larger than 16 MiB", "a configuration is at most a few megabytes.");
        }
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            return unreadable(
                    name, text, text.length(), "this is not UTF-8 text", "save the file with the encoding UTF-8.");
        }
        // Editors put a byte order mark in front; it is no part of the first key.
        return read(name, text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /** Reads a text that is already decoded. */
    public Document read(String name, String text) {
        Substitution.Result substituted = new Substitution(environment, files).apply(text);
        Positions plain = new Positions(name, substituted, Set.of());
        try {
            org.yaml.snakeyaml.nodes.Node root = compose(substituted.out(), plain);
            Positions positions = new Positions(name, substituted, TemplateWords.in(root, plain));
            return tree(substituted, positions, root);
        } catch (YAMLException broken) {
            return broken(plain, new SyntaxDiagnosis(plain, substituted.out()).explain(broken));
        } catch (IllegalArgumentException malformedTag) {
            return broken(plain, new SyntaxDiagnosis(plain, substituted.out()).malformedTag());
        }
    }

    private static Document broken(Positions positions, Fault fault) {
        List<Fault> faults = new ArrayList<>(UnsetReferences.withoutTree(positions));
        faults.add(fault);
        return new Document(positions.source(), null, faults);
    }

    private static Document tree(
            Substitution.Result substituted, Positions positions, org.yaml.snakeyaml.nodes.@Nullable Node root) {
        NodeTree tree = new NodeTree(positions, substituted);
        Node node = root == null ? null : tree.convert(root);
        List<Fault> faults = new ArrayList<>(tree.faults());
        faults.addAll(UnsetReferences.in(positions, substituted.out(), node));
        return new Document(positions.source(), node, faults);
    }

    /** A document that is one plain scalar, for defaults written in code. */
    public static Document scalar(String text) {
        Source source = new Source("default", List.of(text));
        Span span = new Span(source, 1, 1, 1, text.codePointCount(0, text.length()) + 1);
        return new Document(source, new Node.Scalar(span, ScalarDialect.value(text), text, false), List.of());
    }

    /**
     * js-yaml takes a tab for a space everywhere but in the indentation, SnakeYAML refuses it wherever a token could
     * start. So the tab that SnakeYAML stumbles over becomes a space, unless it indents.
     */
    private static org.yaml.snakeyaml.nodes.@Nullable Node compose(String out, Positions positions) {
        String text = out;
        for (int repairs = 0; ; repairs++) {
            try {
                return yaml().compose(new StringReader(text));
            } catch (org.yaml.snakeyaml.error.MarkedYAMLException broken) {
                int tab = broken.getProblemMark() == null ? -1 : positions.offset(broken.getProblemMark());
                if (repairs == MAX_TAB_REPAIRS || !Tabs.separates(text, tab)) {
                    throw broken;
                }
                text = Tabs.replaceRun(text, tab);
            }
        }
    }

    static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        // It counts a little differently from NodeTree, which keeps the exact limit.
        options.setNestingDepthLimit(MAX_DEPTH + 1);
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        // Nodes are only composed, never constructed, so no tag can name a class; ScalarValues reports them with words.
        options.setTagInspector(tag -> true);
        DumperOptions dumper = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options, new DialectResolver());
    }

    private static Document unreadable(String name, String text, int at, String message, String hint) {
        Positions positions = new Positions(name, new Substitution.Result(text, text, List.of()), Set.of());
        Span span = positions.written(at, at);
        return new Document(positions.source(), null, List.of(new Fault("E0104", span, "", message, List.of(hint))));
    }
}
