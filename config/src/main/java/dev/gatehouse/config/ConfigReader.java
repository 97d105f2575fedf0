package dev.gatehouse.config;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.system.SystemReader;
import dev.gatehouse.config.yaml.Document;
import dev.gatehouse.config.yaml.Fault;
import dev.gatehouse.config.yaml.FilesBeside;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.config.yaml.YamlReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a gateway.config.yml or gateway.config.json completely: text, references, structure and references between
 * sections. Actions and conditions stay nodes. Never throws for what is in the file, and reports everything at once.
 */
public final class ConfigReader {
    private static final List<String> SECTIONS = List.of(
            "http",
            "https",
            "admin",
            "apiEndpoints",
            "serviceEndpoints",
            "policies",
            "pipelines",
            "apiEndpoint",
            "pipeline",
            "limits",
            "compat",
            "log",
            "shutdown",
            "ops");

    private final Path file;
    private final Node.Mapping root;
    private final Reading reading;
    private final SystemReader.Result system;

    private ConfigReader(Path file, Node.Mapping root, Reading reading, SystemReader.Result system) {
        this.file = file;
        this.root = root;
        this.reading = reading;
        this.system = system;
    }

    /**
     * What came out.
     *
     * @param config what the file says; null when it has gaps. Misspelt keys and unset variables alone leave it there, so
     *     that policies can be checked too
     * @param problems everything found; the start must stop when there are errors, whatever {@code config} is
     * @param files where the content of <code>${file:…}</code> and <code>{file: …}</code> is looked for, absolute, found
     *     or not
     */
    public record Result(@Nullable GatewayConfig config, Problems problems, Set<Path> files) {
        public Result {
            files = Set.copyOf(files);
        }
    }

    /**
     * Reads {@code file}.
     *
     * @param env the variables for {@code ${NAME}}
     */
    public static Result read(Path file, Map<String, String> env, ReadOptions options) {
        Problems problems = new Problems(options.strict());
        Document document = YamlReader.read(file, env);
        SystemReader.Result system = SystemReader.read(file, env);
        Set<Path> files = secretFiles(file, document.source());
        UnaryOperator<Path> beside = named -> {
            Path found = new FilesBeside(file).named(named);
            files.add(found.toAbsolutePath());
            return found;
        };
        return new Result(read(file, document, system, options, problems, beside), problems, files);
    }

    /** The working directory comes first, then the directory of the file; either may get the file later. */
    private static Set<Path> secretFiles(Path file, Source source) {
        Set<Path> files = new HashSet<>();
        try {
            for (Source.Reference reference : source.references()) {
                if (reference.file()) {
                    files.add(Path.of(reference.name()).toAbsolutePath());
                    files.add(file.toAbsolutePath().resolveSibling(reference.name()));
                }
            }
        } catch (InvalidPathException unreadable) {
            // The reader has reported it as a file that cannot be read, so this configuration is not used.
            return new HashSet<>();
        }
        return files;
    }

    private static @Nullable GatewayConfig read(
            Path file,
            Document document,
            SystemReader.Result system,
            ReadOptions options,
            Problems problems,
            UnaryOperator<Path> secretFiles) {
        document.faults().forEach(fault -> report(fault, problems));
        if (document.faults().stream().anyMatch(ConfigReader::breaksTree)) {
            return null;
        }
        if (!(document.root() instanceof Node.Mapping root)) {
            if (document.faults().stream().allMatch(Fault::warning)) {
                String found = document.root() == null || Reading.isNull(document.root()) ? "empty" : "no mapping";
                problems.error(
                        "E0111",
                        start(document.source()),
                        "",
                        "the file is " + found + ", but a configuration is a mapping of sections",
                        "start with 'http:' and 'apiEndpoints:'.");
            }
            return null;
        }
        Reading reading = new Reading(options, isLenient(root), problems, secretFiles);
        return new ConfigReader(file, root, reading, system).config();
    }

    /** What follows from a tree with holes would only hide the mistake; unset values and duplicates leave it whole. */
    private static boolean breaksTree(Fault fault) {
        return !fault.warning() && !Set.of("E0103", "E0105", "E0106").contains(fault.code());
    }

    /** The names of a section, also of entries that have mistakes. */
    private static Set<String> names(Node.@Nullable Entry section) {
        return section == null || !(section.value() instanceof Node.Mapping mapping)
                ? Set.of()
                : mapping.entries().stream().map(Node.Entry::key).collect(Collectors.toSet());
    }

    private static void report(Fault fault, Problems problems) {
        String[] hints = fault.hints().toArray(String[]::new);
        if (fault.warning()) {
            problems.warn(fault.code(), fault.span(), fault.path(), fault.message(), hints);
        } else {
            problems.add(new Problem(
                    fault.code(), Severity.ERROR, fault.span(), fault.path(), fault.message(), fault.hints()));
        }
    }

    /** The switch decides how all keys are judged, so it is looked at before the rest. */
    private static boolean isLenient(Node.Mapping root) {
        return root.get("compat") instanceof Node.Mapping compat
                && compat.get("unknownKeys") instanceof Node.Scalar scalar
                && scalar.text().equals("lenient");
    }

    private @Nullable GatewayConfig config() {
        reading.checkKeys(root, SECTIONS, key -> null, "", "the configuration");
        HttpConfig http = listener("http", HttpConfig.class);
        HttpsConfig https = new HttpsReader(reading, file).read(section("https"));
        checkListeners();
        AdminConfig admin = isWritten("admin") ? bind("admin", AdminConfig.class) : null;
        Node.Entry endpointSection = either("apiEndpoints", "apiEndpoint");
        List<ApiEndpointConfig> endpoints = new ApiEndpointReader(reading).read(endpointSection);
        List<ServiceEndpointConfig> services = new ServiceEndpointReader(reading).read(section("serviceEndpoints"));
        PolicyWhitelist whitelist =
                PolicyWhitelist.read(section("policies"), start(root.span().source()), reading, system.config());
        List<PipelineConfig> pipelines = new PipelineReader(reading, whitelist).read(either("pipelines", "pipeline"));
        whitelist.reportUnused();
        system.problems().report(whitelist.used(), reading.options().knownPolicies(), reading.problems());
        new PipelineReferences(reading.problems(), names(endpointSection)).check(endpoints, pipelines);
        Settings settings = settings();
        if (settings == null || !reading.isComplete()) {
            return null;
        }
        return new GatewayConfig(
                file,
                http,
                https,
                admin,
                endpoints,
                services,
                whitelist.names(),
                pipelines,
                settings.limits(),
                settings.compat(),
                settings.log(),
                settings.shutdown(),
                settings.ops(),
                system.config());
    }

    /** The sections of which every part has a default. */
    private record Settings(
            LimitsConfig limits, CompatConfig compat, LogConfig log, ShutdownConfig shutdown, OpsConfig ops) {}

    private @Nullable Settings settings() {
        LimitsConfig limits = bind("limits", LimitsConfig.class);
        CompatConfig compat = bind("compat", CompatConfig.class);
        LogConfig log = new LogReader(reading).read(section("log"), root.span());
        ShutdownConfig shutdown = bind("shutdown", ShutdownConfig.class);
        OpsConfig ops = ops();
        return limits == null || compat == null || log == null || shutdown == null || ops == null
                ? null
                : new Settings(limits, compat, log, shutdown, ops);
    }

    private void checkListeners() {
        boolean noTls = reading.problems().all().stream()
                .anyMatch(problem -> problem.code().equals("W0501"));
        if (section("http") == null && (section("https") == null || noTls)) {
            reading.problems()
                    .error(
                            "E0501",
                            start(root.span().source()),
                            "http",
                            "the gateway would listen nowhere: there is neither 'http' nor 'https'",
                            "add 'http: {port: 8080}'.");
        }
    }

    private <C extends Record> @Nullable C listener(String key, Class<C> type) {
        Node.Entry section = section(key);
        if (section == null) {
            return null;
        }
        Node.Mapping mapping = reading.mapping(section.value(), Reading.place(section), key);
        return mapping == null ? null : reading.bind(mapping, section.keySpan(), key, "'" + key + "'", type);
    }

    /** A section of which every part has a default. */
    private <C extends Record> @Nullable C bind(String key, Class<C> type) {
        Node.Entry section = section(key);
        if (section == null || Reading.isNull(section.value())) {
            return reading.bind(null, root.span(), key, "'" + key + "'", type);
        }
        return listener(key, type);
    }

    /** The ops section as written. */
    record Ops(
            @Doc("Port of the listener for health and metrics; 0 means any free one.") @Default("9877")
            int port,

            @Doc("Address or name to bind.") @Default("127.0.0.1")
            String host) {
        Ops {
            HttpConfig.checkPort(port);
        }
    }

    private @Nullable OpsConfig ops() {
        Ops ops = bind("ops", Ops.class);
        boolean asked = root.get("ops") instanceof Node.Mapping written && written.get("port") != null;
        return ops == null ? null : new OpsConfig(ops.port(), ops.host(), asked);
    }

    private boolean isWritten(String key) {
        Node value = root.get(key);
        return value != null && !Reading.isNull(value);
    }

    private Node.@Nullable Entry section(String key) {
        return Reading.entry(root, key);
    }

    /** Express Gateway reads the singular only when the plural is absent. */
    private Node.@Nullable Entry either(String plural, String singular) {
        Node.Entry entry = section(plural);
        return entry == null || Reading.isNull(entry.value()) ? section(singular) : entry;
    }

    private static Span start(Source source) {
        return new Span(source, 1, 1, 1, 1);
    }
}
