package dev.gatehouse.bench;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policy.PolicyContext;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the policy of one step gets while it is made: the whole file, real time, and meters and calls of the caller. */
final class StepSurroundings implements PolicyContext {
    private final GatewayConfig config;
    private final String pipeline;
    private final StepConfig step;
    private final MeterRegistry meters;
    private final HttpCaller http;
    private final Problems problems = new Problems();
    private final Map<Record, Object> shared = new HashMap<>();
    private final List<String> owned = new ArrayList<>();

    StepSurroundings(GatewayConfig config, String pipeline, StepConfig step, MeterRegistry meters, HttpCaller http) {
        this.config = config;
        this.pipeline = pipeline;
        this.step = step;
        this.meters = meters;
        this.http = http;
    }

    /** Request headers that the step declared as its own. */
    List<String> owned() {
        return owned;
    }

    /** The action of the step. */
    <C extends Record> C action(Class<C> type) {
        return bound(step.action(), step.path() + ".action", type);
    }

    @Override
    public <C extends Record> C bind(Node.Mapping node, String path, Class<C> type) {
        return bound(node, path, type);
    }

    private <C extends Record> C bound(Node.@Nullable Mapping node, String path, Class<C> type) {
        C bound = new RecordBinder(problems, BindOptions.DEFAULT).bind(node, step.span(), path, step.policy(), type);
        if (bound == null) {
            throw new IllegalStateException(problems.all().toString());
        }
        return bound;
    }

    @Override
    public String pipeline() {
        return pipeline;
    }

    @Override
    public StepConfig step() {
        return step;
    }

    @Override
    public List<ApiEndpointConfig> apiEndpoints() {
        return config.apiEndpoints();
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
    public Path resolve(String file) {
        return Path.of(file);
    }

    @Override
    public TlsSettings checked(TlsSettings settings) {
        return settings;
    }

    @Override
    @SuppressWarnings("unchecked") // a key's class stands for one kind of object
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
        return http;
    }

    @Override
    public MeterRegistry meters() {
        return meters;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public LongSupplier ticker() {
        return System::nanoTime;
    }

    @Override
    public void ownRequestHeader(String name) {
        owned.add(name);
    }

    @Override
    public void guard(String description, double revocationDelaySeconds) {
        // Only the start-up output of a gateway tells it.
    }
}
