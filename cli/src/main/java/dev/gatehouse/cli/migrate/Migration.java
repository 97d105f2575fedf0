package dev.gatehouse.cli.migrate;

import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Document;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.config.yaml.YamlReader;
import dev.gatehouse.runtime.build.Catalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a directory of Express Gateway with the product's own reader and builder, and compares. */
public final class Migration {
    private static final List<Rule> RULES = Stream.of(
                    IntrospectRules.ALL,
                    ProxyRules.ALL,
                    LimitRules.ALL,
                    RoutingRules.ALL,
                    List.<Rule>of(new ExpressionRules()))
            .flatMap(List::stream)
            .toList();

    private final Directory directory;
    private final Map<String, String> environment;
    private final List<Finding> findings = new ArrayList<>();

    private Migration(Directory directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * What came out.
     *
     * @param report null = nothing could be read
     * @param problems why, where there is a file
     */
    record Result(@Nullable MigrationReport report, Problems problems) {}

    /** Looks at a directory; {@code environment} has the variables for <code>${NAME}</code>. */
    static Result of(Path folder, Map<String, String> environment) throws IOException {
        Directory directory = Directory.in(folder);
        Path file = directory.gateway();
        if (file == null) {
            return new Result(null, new Problems());
        }
        Prepared prepared = Prepared.of(new Prepared.Source(file, environment, false, false, null));
        try {
            Document document = YamlReader.read(file, environment);
            return document.root() instanceof Node.Mapping root
                    ? new Result(
                            new Migration(directory, environment).report(file, root, prepared), prepared.problems())
                    : new Result(null, prepared.problems());
        } finally {
            prepared.close();
        }
    }

    /** What the rules say of a configuration, for whoever has read it. */
    static List<Finding> ruled(Subject subject) {
        List<Finding> found = new ArrayList<>();
        RULES.forEach(rule -> rule.look(subject, found::add));
        return found;
    }

    private MigrationReport report(Path file, Node.Mapping root, Prepared prepared) {
        GatewayConfig config = prepared.config();
        Set<String> known = Catalog.load().policies();
        Subject subject = config == null ? null : new Subject(config, known);
        List<Problem> problems = prepared.problems().all();
        ProblemFindings meanings = new ProblemFindings(problems);
        problems.stream().map(meanings::of).filter(Objects::nonNull).forEach(this::add);
        if (subject != null) {
            ruled(subject).forEach(this::add);
        }
        lookBeside(new SystemRules(subject));
        List<Finding> sorted = merged(file);
        Set<String> used = used(config);
        long there = used.stream().filter(known::contains).count();
        long lost =
                sorted.stream().filter(finding -> finding.group().needsChange()).count();
        return new MigrationReport(
                directory.system() == null ? List.of(file) : List.of(file, directory.system()),
                directory.models().size(),
                Math.max(0, settings(root) - lost),
                there,
                used.size(),
                sorted);
    }

    private void lookBeside(SystemRules rules) {
        if (directory.system() != null
                && YamlReader.read(directory.system(), environment).root() instanceof Node.Mapping system) {
            rules.system(system, this::add);
        }
        List<Span> models = directory.models().stream()
                .map(file -> new Span(new Source(file.toString(), List.of()), 1, 1, 1, 1))
                .toList();
        rules.models(models, this::add);
    }

    private void add(@Nullable Finding finding) {
        if (finding != null) {
            findings.add(finding);
        }
    }

    /** Groups in their order, the gateway's file before the others; what says the same is said once. */
    private List<Finding> merged(Path main) {
        List<Finding> merged = new ArrayList<>();
        for (Finding finding : findings) {
            int at = 0;
            while (at < merged.size() && !merged.get(at).isLike(finding)) {
                at++;
            }
            if (at == merged.size()) {
                merged.add(finding);
                continue;
            }
            Finding first = merged.get(at);
            List<Span> places = Stream.concat(first.places().stream(), finding.places().stream())
                    .distinct()
                    .sorted(Comparator.comparing((Span span) -> span.source().name())
                            .thenComparingInt(Span::line)
                            .thenComparingInt(Span::column))
                    .toList();
            merged.set(at, new Finding(first.group(), places, first.subject(), first.what(), first.advice()));
        }
        merged.sort(Comparator.comparing(Finding::group)
                .thenComparing(finding -> !file(finding).equals(main.toString()))
                .thenComparing(Migration::file)
                .thenComparingInt(finding -> finding.places().get(0).line()));
        return merged;
    }

    private static String file(Finding finding) {
        return finding.places().get(0).source().name();
    }

    private static Set<String> used(@Nullable GatewayConfig config) {
        return config == null
                ? Set.of()
                : config.pipelines().stream()
                        .map(PipelineConfig::steps)
                        .flatMap(List::stream)
                        .map(StepConfig::policy)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long settings(Node node) {
        if (node instanceof Node.Mapping mapping) {
            return mapping.entries().stream()
                    .mapToLong(entry -> settings(entry.value()))
                    .sum();
        }
        return node instanceof Node.Sequence sequence
                ? sequence.items().stream().mapToLong(Migration::settings).sum()
                : 1;
    }
}
