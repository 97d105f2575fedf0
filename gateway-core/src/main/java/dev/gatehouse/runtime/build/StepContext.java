package dev.gatehouse.runtime.build;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.system.PluginSources;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PublicDocument;
import dev.gatehouse.runtime.build.Publications.Publication;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.TlsProblem;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the policy and the condition of one step get while they are made. */
final class StepContext implements ConditionFactory.ConditionContext {
    private final GatewayConfig config;
    private final PipelineConfig pipeline;
    private final StepConfig step;
    private final Problems problems;
    private final BuildTools tools;
    private final SharedResources.Lease resources;
    private final List<String> owned = new ArrayList<>();
    private final NamedFiles files;
    private final List<TlsSettings> tls = new ArrayList<>();
    private final List<Publication> published = new ArrayList<>();
    private @Nullable Guard guard;
    private int bodyBytes;
    private Set<String> variables = new HashSet<>();

    StepContext(
            GatewayConfig config,
            PipelineConfig pipeline,
            StepConfig step,
            Problems problems,
            BuildTools tools,
            SharedResources.Lease resources) {
        this.config = config;
        this.pipeline = pipeline;
        this.step = step;
        this.problems = problems;
        this.tools = tools;
        this.resources = resources;
        this.files = new NamedFiles(config.file());
    }

    /** Headers that the step declared as its own. */
    List<String> owned() {
        return owned;
    }

    /** Largest body that the step's condition reads; 0 = none. */
    int bodyBytes() {
        return bodyBytes;
    }

    /** Files that the step names, absolute, found or not. */
    List<Path> files() {
        return files.asked();
    }

    /** TLS settings that the step had checked. */
    List<TlsSettings> tls() {
        return tls;
    }

    /** Documents that the step publishes. */
    List<Publication> published() {
        return published;
    }

    /** Uses the variables of the whole pipeline. */
    StepContext variables(Set<String> ofPipeline) {
        variables = ofPipeline;
        return this;
    }

    @Nullable
    Guard guard() {
        return guard;
    }

    /** Whether the condition could be made; false after the problem was reported. */
    @Nullable
    Condition conditionOrReport(Node.Mapping node, String path) {
        try {
            return condition(node, path);
        } catch (ConfigProblem e) {
            problems.add(e.problem());
            return null;
        }
    }

    @Override
    public String pipeline() {
        return pipeline.name();
    }

    @Override
    public StepConfig step() {
        return step;
    }

    @Override
    public List<ApiEndpointConfig> apiEndpoints() {
        Set<String> names = pipeline.apiEndpoints().stream().map(Located::value).collect(Collectors.toSet());
        return config.apiEndpoints().stream()
                .filter(entry -> names.contains(entry.name()))
                .toList();
    }

    @Override
    public List<ServiceEndpointConfig> serviceEndpoints() {
        return config.serviceEndpoints();
    }

    @Override
    public CompatConfig compat() {
        return config.compat();
    }

    @Override
    public LimitsConfig limits() {
        return config.limits();
    }

    @Override
    public Problems problems() {
        return problems;
    }

    @Override
    public <C extends Record> C bind(Node.Mapping node, String path, Class<C> type) {
        return bind(node, node.span(), path, "policy '" + step.policy() + "'", type);
    }

    <C extends Record> C bind(Node.@Nullable Mapping node, Span fallback, String path, String what, Class<C> type) {
        Problems found = new Problems();
        C bound = new RecordBinder(found, tools.options().binding(), file -> resolve(file.toString()))
                .bind(node, fallback, path, what, type);
        if (bound != null) {
            found.all().forEach(problems::add);
            return bound;
        }
        List<Problem> all = found.all();
        Problem last = all.get(all.size() - 1);
        all.subList(0, all.size() - 1).forEach(problems::add);
        throw new ConfigProblem(last);
    }

    @Override
    public Path resolve(String file) {
        return files.resolve(file);
    }

    @Override
    public TlsSettings checked(TlsSettings settings) {
        try {
            ClientTls.check(settings);
            tls.add(settings);
            return settings;
        } catch (TlsProblem e) {
            throw problem("E0502", step.span(), step.path(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public <T> T shared(Record key, Supplier<T> make) {
        return resources.get(key, make);
    }

    @Override
    public HttpCaller http() {
        return tools.http();
    }

    @Override
    public MeterRegistry meters() {
        return tools.options().meters();
    }

    @Override
    public InstantSource clock() {
        return tools.options().clock();
    }

    @Override
    public LongSupplier ticker() {
        return tools.options().ticker();
    }

    @Override
    public @Nullable String environment(String name) {
        return tools.options().environment().get(name);
    }

    @Override
    public void ownRequestHeader(String name) {
        owned.add(name);
    }

    @Override
    public void publish(ApiEndpointConfig endpoint, URI location, PublicDocument document) {
        published.add(new Publication(pipeline, endpoint, location, document));
    }

    @Override
    public Set<String> scriptVariables() {
        return variables;
    }

    @Override
    public void guard(String description, double revocationDelaySeconds) {
        guard = new Guard(pipeline.name(), description, revocationDelaySeconds);
    }

    @Override
    public Condition condition(Node node, String path) {
        if (!(node instanceof Node.Mapping mapping)) {
            throw problem("E0203", node.span(), path, "a condition must be a mapping with a 'name'");
        }
        Node name = mapping.get("name");
        if (!(name instanceof Node.Scalar scalar) || scalar.value() == null) {
            throw problem("E0205", node.span(), path, "a condition needs a 'name'");
        }
        ConditionFactory<?> factory = tools.catalog().condition(scalar.text());
        PluginSources plugins =
                new PluginSources(config.system(), tools.catalog().policies());
        if (factory == null && !plugins.isEmpty()) {
            throw problem(
                    "E0404",
                    name.span(),
                    path + ".name",
                    plugins.message("condition", scalar.text()),
                    plugins.hints(scalar.text()));
        }
        if (factory == null) {
            throw problem(
                    "E0402",
                    name.span(),
                    path + ".name",
                    "condition '" + scalar.text() + "' does not exist",
                    "known conditions: " + String.join(", ", tools.catalog().conditions()) + ".");
        }
        return make(factory, mapping, path);
    }

    @Override
    public void needBody(int maxBytes) {
        bodyBytes = Math.max(bodyBytes, maxBytes);
    }

    @Override
    public @Nullable String read(String file) {
        return files.read(file);
    }

    private <C extends Record> Condition make(ConditionFactory<C> factory, Node.Mapping mapping, String path) {
        List<Node.Entry> parameters = mapping.entries().stream()
                .filter(entry -> !entry.key().equals("name"))
                .toList();
        Node.Mapping rest = new Node.Mapping(mapping.span(), parameters);
        C bound = bind(rest, mapping.span(), path, "condition '" + factory.name() + "'", factory.config());
        return factory.create(bound, this);
    }

    private static ConfigProblem problem(String code, Span span, String path, String message, String... hints) {
        return new ConfigProblem(new Problem(code, Severity.ERROR, span, path, message, List.of(hints)));
    }
}
