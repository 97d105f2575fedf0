package dev.gatehouse.policies.introspect;

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
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PublicDocument;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A gateway around the policy: time, a scripted endpoint, meters, shared objects. */
final class ContextFixture implements PolicyContext {
    final TimeFixture time = new TimeFixture();
    final EndpointFixture endpoint = new EndpointFixture();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Problems problems = new Problems();
    final List<String> ownedHeaders = new ArrayList<>();
    final List<String> guards = new ArrayList<>();
    final Map<String, String> environment = new HashMap<>();
    /** What the pipeline serves. */
    final List<ApiEndpointConfig> endpoints = new ArrayList<>();
    /** What the policy published, by its URL. */
    final Map<String, String> published = new LinkedHashMap<>();

    private final Map<Record, Object> shared = new HashMap<>();
    private CompatConfig.Status status = CompatConfig.Status.STANDARD;
    private String pipeline = "main";
    private Node.@Nullable Mapping action;

    ContextFixture status(CompatConfig.Status other) {
        status = other;
        return this;
    }

    ContextFixture pipeline(String name) {
        pipeline = name;
        return this;
    }

    /** A policy with the options in {@code yaml}. */
    Policy policy(String yaml) {
        action = ConfigFixture.node(yaml);
        return new OAuth2IntrospectPolicy.Factory().create(ConfigFixture.config(yaml), this);
    }

    IntrospectionServers servers() {
        return shared(new IntrospectionServers.Key(), IntrospectionServers::new);
    }

    /** The sum of all counters of that name whose tags include {@code tags}. */
    double counted(String name, String... tags) {
        return meters.find(name).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double gauge(String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }

    List<String> codes() {
        return problems.all().stream().map(Problem::code).toList();
    }

    @Override
    public String pipeline() {
        return pipeline;
    }

    @Override
    public StepConfig step() {
        return new StepConfig(
                "oauth2-introspect",
                "pipelines.main.policies[0].oauth2-introspect[0]",
                null,
                action,
                new Span(new Source("gateway.config.yml", List.of("")), 1, 1, 1, 1));
    }

    @Override
    public List<ApiEndpointConfig> apiEndpoints() {
        return endpoints;
    }

    @Override
    public void publish(ApiEndpointConfig endpoint, URI location, PublicDocument document) {
        published.put(location.toString(), document.mediaType() + " " + document.text());
    }

    @Override
    public List<ServiceEndpointConfig> serviceEndpoints() {
        return List.of();
    }

    @Override
    public CompatConfig compat() {
        String text = status == CompatConfig.Status.STANDARD ? "standard" : "express-gateway";
        return ConfigFixture.bind("status: " + text, CompatConfig.class);
    }

    @Override
    public LimitsConfig limits() {
        throw new UnsupportedOperationException("the policy has limits of its own");
    }

    @Override
    public Problems problems() {
        return problems;
    }

    @Override
    public <C extends Record> C bind(Node.Mapping node, String path, Class<C> type) {
        Problems found = new Problems();
        C bound = new RecordBinder(found, BindOptions.DEFAULT)
                .bind(node, node.span(), path, "policy 'oauth2-introspect'", type);
        found.all().forEach(problems::add);
        if (bound == null) {
            throw new ConfigProblem(found.all().get(0));
        }
        return bound;
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
    @SuppressWarnings("unchecked")
    public <T> T shared(Record key, Supplier<T> make) {
        Object known = shared.get(key);
        if (known == null) {
            known = make.get();
            shared.put(key, known);
        }
        return (T) known;
    }

    @Override
    public HttpCaller http() {
        return endpoint;
    }

    @Override
    public MeterRegistry meters() {
        return meters;
    }

    @Override
    public InstantSource clock() {
        return time;
    }

    @Override
    public LongSupplier ticker() {
        return time;
    }

    @Override
    public @Nullable String environment(String name) {
        return environment.get(name);
    }

    @Override
    public void ownRequestHeader(String name) {
        ownedHeaders.add(name);
    }

    @Override
    public void guard(String description, double revocationDelaySeconds) {
        guards.add(description + " " + revocationDelaySeconds);
    }
}
