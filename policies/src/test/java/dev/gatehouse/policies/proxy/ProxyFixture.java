package dev.gatehouse.policies.proxy;

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
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.config.yaml.YamlReader;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A proxy step as YAML, with the service endpoints around it. */
final class ProxyFixture implements PolicyContext {
    private static final Span STEP = new Span(new Source("gateway.config.yml", List.of("")), 1, 1, 1, 2);

    private final Node.Mapping action;
    private final Problems problems = new Problems();
    private final List<ServiceEndpointConfig> services = new ArrayList<>();
    private final List<ApiEndpointConfig> endpoints = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    private ProxyFixture(Node.Mapping action) {
        this.action = action;
    }

    /** A step with these options. */
    static ProxyFixture action(String yaml) {
        return new ProxyFixture(node(yaml));
    }

    /** A step without options that proxies to {@code urls}. */
    static ProxyFixture to(String... urls) {
        return action("serviceEndpoint: backend").service("backend", "", urls);
    }

    private static Node.Mapping node(String yaml) {
        Node root = new YamlReader(Map.of(), Path.of(""))
                .read("gateway.config.yml", yaml)
                .root();
        return root instanceof Node.Mapping mapping ? mapping : new Node.Mapping(STEP, List.of());
    }

    // The class file of a record with a compact constructor does not say that its parameter may be null.
    @SuppressWarnings("NullAway")
    ProxyFixture service(String name, String proxyOptions, String... urls) {
        Node.@Nullable Mapping options = null;
        if (!proxyOptions.isEmpty()) {
            options = node(proxyOptions);
        }
        List<URI> parsed = List.of(urls).stream().map(URI::create).toList();
        services.add(new ServiceEndpointConfig(name, parsed, options, STEP));
        return this;
    }

    ProxyFixture pathRegex(String regex) {
        endpoints.add(new ApiEndpointConfig("api", "*", null, List.of("*"), regex, null, List.of(), Map.of(), STEP));
        return this;
    }

    ProxyFixture environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Policy policy() {
        ProxyPolicy.Factory factory = new ProxyPolicy.Factory();
        return factory.create(bind(action, step().path() + ".action", factory.config()), this);
    }

    /** Problems after the policy was made, as {@code code message}. */
    List<String> advice() {
        policy();
        return problems.all().stream()
                .map(problem -> problem.code() + ' ' + problem.message())
                .toList();
    }

    List<Problem> found() {
        return problems.all();
    }

    @Override
    public StepConfig step() {
        return new StepConfig("proxy", "pipelines.main.policies[0].proxy[0]", null, action, STEP);
    }

    @Override
    public List<ApiEndpointConfig> apiEndpoints() {
        return endpoints;
    }

    @Override
    public List<ServiceEndpointConfig> serviceEndpoints() {
        return services;
    }

    @Override
    public Problems problems() {
        return problems;
    }

    @Override
    public <C extends Record> C bind(Node.Mapping node, String path, Class<C> type) {
        C bound = new RecordBinder(problems, BindOptions.DEFAULT).bind(node, STEP, path, "policy 'proxy'", type);
        if (bound == null) {
            throw new ConfigProblem(problems.all().get(problems.all().size() - 1));
        }
        return bound;
    }

    @Override
    public Path resolve(String file) {
        return Path.of("/resolved", file);
    }

    @Override
    public String pipeline() {
        return "main";
    }

    @Override
    public CompatConfig compat() {
        throw unused();
    }

    @Override
    public LimitsConfig limits() {
        throw unused();
    }

    @Override
    public TlsSettings checked(TlsSettings settings) {
        return settings;
    }

    @Override
    public <T> T shared(Record key, Supplier<T> make) {
        throw unused();
    }

    @Override
    public HttpCaller http() {
        throw unused();
    }

    @Override
    public MeterRegistry meters() {
        throw unused();
    }

    @Override
    public InstantSource clock() {
        throw unused();
    }

    @Override
    public LongSupplier ticker() {
        throw unused();
    }

    @Override
    public @Nullable String environment(String name) {
        return environment.get(name);
    }

    @Override
    public void ownRequestHeader(String name) {
        throw unused();
    }

    @Override
    public void guard(String description, double revocationDelaySeconds) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("no business of this policy");
    }
}
