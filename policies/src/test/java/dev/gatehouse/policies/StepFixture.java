package dev.gatehouse.policies;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.config.yaml.YamlReader;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One step of a pipeline, made from YAML by the factories that the gateway would find. */
public final class StepFixture implements ConditionFactory.ConditionContext {
    /** The time at which these steps run. */
    public static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final String policy;
    private final Problems problems = new Problems();
    private final List<String> ownedHeaders = new ArrayList<>();
    private final Map<String, String> files = new HashMap<>();
    private int bodyBytes;
    private final Set<String> scriptVariables = new HashSet<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> guards = new ArrayList<>();
    private final List<ApiEndpointConfig> apiEndpoints = new ArrayList<>();
    private Node.@Nullable Mapping condition;
    private Node.@Nullable Mapping action;

    private StepFixture(String policy) {
        this.policy = policy;
    }

    /** A step of {@code policy}. */
    public static StepFixture of(String policy) {
        return new StepFixture(policy);
    }

    /** The condition written as {@code yaml}. */
    public Condition condition(String yaml) {
        Node.Mapping mapping = mapping(yaml);
        condition = mapping;
        return condition(mapping, "step.condition");
    }

    /** The policy with the action written as {@code yaml}. */
    public Policy policy(String yaml) {
        action = mapping(yaml);
        for (PolicyFactory<?> factory : ServiceLoader.load(PolicyFactory.class)) {
            if (factory.name().equals(policy)) {
                return make(factory, action);
            }
        }
        throw new IllegalArgumentException(policy);
    }

    private <C extends Record> Policy make(PolicyFactory<C> factory, Node.Mapping node) {
        return factory.create(bind(node, "action", factory.config()), this);
    }

    private <C extends Record> Condition make(ConditionFactory<C> factory, Node.Mapping node, String path) {
        return factory.create(bind(node, path, factory.config()), this);
    }

    /** Everything that is wrong with the action written as {@code yaml}. */
    public List<Problem> mistakes(String yaml) {
        try {
            policy(yaml);
        } catch (ConfigProblem refused) {
            problems.add(refused.problem());
        }
        return problems.all();
    }

    /** Lets the pipeline serve an endpoint with scopes. */
    public StepFixture scopes(String... scopes) {
        Span span = mapping("a: b").span();
        apiEndpoints.add(
                new ApiEndpointConfig("api", "*", null, List.of("*"), null, null, List.of(scopes), Map.of(), span));
        return this;
    }

    /** What the steps declared as guards. */
    public List<String> guards() {
        return guards;
    }

    public List<String> ownedHeaders() {
        return ownedHeaders;
    }

    public List<String> codes() {
        return problems.all().stream().map(Problem::code).toList();
    }

    private static Node.Mapping mapping(String yaml) {
        var document = new YamlReader(Map.of(), Path.of("")).read("gateway.config.yml", yaml);
        return (Node.Mapping) Objects.requireNonNull(document.root(), () -> "not YAML: " + document.faults());
    }

    @Override
    public Condition condition(Node node, String path) {
        Node.Mapping mapping = (Node.Mapping) node;
        String name = ((Node.Scalar) Objects.requireNonNull(mapping.get("name"), "name")).text();
        List<Node.Entry> rest = mapping.entries().stream()
                .filter(entry -> !entry.key().equals("name"))
                .toList();
        for (ConditionFactory<?> factory : ServiceLoader.load(ConditionFactory.class)) {
            if (factory.name().equals(name)) {
                return make(factory, new Node.Mapping(mapping.span(), rest), path);
            }
        }
        throw new IllegalArgumentException(name);
    }

    @Override
    public <C extends Record> C bind(Node.Mapping node, String path, Class<C> type) {
        Problems found = new Problems();
        C bound = new RecordBinder(found, BindOptions.DEFAULT).bind(node, node.span(), path, "step", type);
        found.all().forEach(problems::add);
        for (Problem problem : found.all()) {
            if (problem.severity() == Severity.ERROR) {
                throw new ConfigProblem(problem);
            }
        }
        return Objects.requireNonNull(bound, "bound");
    }

    @Override
    public String pipeline() {
        return "main";
    }

    @Override
    public StepConfig step() {
        Node.Mapping place = Objects.requireNonNull(action == null ? condition : action, "nothing written");
        return new StepConfig(policy, "step", condition, action, place.span());
    }

    @Override
    public Problems problems() {
        return problems;
    }

    @Override
    public void ownRequestHeader(String name) {
        ownedHeaders.add(name);
    }

    @Override
    public Set<String> scriptVariables() {
        return scriptVariables;
    }

    @Override
    public MeterRegistry meters() {
        return meters;
    }

    @Override
    public List<ApiEndpointConfig> apiEndpoints() {
        return apiEndpoints;
    }

    @Override
    public List<ServiceEndpointConfig> serviceEndpoints() {
        return List.of();
    }

    @Override
    public CompatConfig compat() {
        throw new UnsupportedOperationException("not for these steps");
    }

    @Override
    public LimitsConfig limits() {
        return bind(mapping("{}"), "limits", LimitsConfig.class);
    }

    @Override
    public void needBody(int maxBytes) {
        bodyBytes = Math.max(bodyBytes, maxBytes);
    }

    /** Largest body that the condition reads. */
    public int bodyBytes() {
        return bodyBytes;
    }

    /** A file that the step may name. */
    public StepFixture file(String name, String text) {
        files.put(name, text);
        return this;
    }

    @Override
    public @Nullable String read(String file) {
        return files.get(file);
    }

    @Override
    public Path resolve(String file) {
        return Path.of(file);
    }

    @Override
    public TlsSettings checked(TlsSettings settings) {
        return settings;
    }

    @Override
    public <T> T shared(Record key, Supplier<T> make) {
        throw new UnsupportedOperationException("not for these steps");
    }

    @Override
    public HttpCaller http() {
        throw new UnsupportedOperationException("not for these steps");
    }

    @Override
    public InstantSource clock() {
        return InstantSource.fixed(NOW);
    }

    @Override
    public LongSupplier ticker() {
        return System::nanoTime;
    }

    @Override
    public void guard(String description, double revocationDelaySeconds) {
        guards.add(description + " " + revocationDelaySeconds);
    }
}
