package dev.gatehouse.policies.ratelimit;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.YamlReader;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What rate-limit steps get from the gateway: a clock to be set, and shared objects that outlive a step. */
final class LimitFixture implements PolicyContext {
    static final long EPOCH_SECONDS = 1_800_000_000L;

    private final StepFixture binder = StepFixture.of("rate-limit");
    private final Problems problems = new Problems();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Map<Record, Object> shared = new HashMap<>();
    private final AtomicLong nanos = new AtomicLong(-5);
    private String pipeline = "main";
    private int ordinal;
    private Node.@Nullable Mapping action;

    /** The step number {@code index} of {@code name}. */
    LimitFixture at(String name, int index) {
        pipeline = name;
        ordinal = index;
        return this;
    }

    /** The policy with the action written as {@code yaml}. */
    Policy policy(String yaml) {
        var document = new YamlReader(Map.of(), Path.of("")).read("gateway.config.yml", yaml);
        action = (Node.Mapping) Objects.requireNonNull(document.root(), () -> "not YAML: " + document.faults());
        return new RateLimitPolicy.Factory().create(bind(action, "action", RateLimitPolicy.Config.class), this);
    }

    LimitFixture passes(Duration time) {
        nanos.addAndGet(time.toNanos());
        return this;
    }

    List<String> codes() {
        return problems.all().stream().map(Problem::code).toList();
    }

    double counted(String name, String... tags) {
        return meters.find(name).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public <C extends Record> C bind(Node.Mapping node, String path, Class<C> type) {
        return binder.bind(node, path, type);
    }

    @Override
    public String pipeline() {
        return pipeline;
    }

    @Override
    public StepConfig step() {
        Node.Mapping place = Objects.requireNonNull(action, "nothing written");
        String path = "pipelines." + pipeline + ".policies[" + ordinal + "].rate-limit[0]";
        return new StepConfig("rate-limit", path, null, action, place.span());
    }

    @Override
    public Problems problems() {
        return problems;
    }

    @Override
    @SuppressWarnings("unchecked") // a key's class stands for one kind of object
    public <T> T shared(Record key, Supplier<T> make) {
        return (T) shared.computeIfAbsent(key, unused -> make.get());
    }

    @Override
    public MeterRegistry meters() {
        return meters;
    }

    @Override
    public InstantSource clock() {
        return () -> Instant.ofEpochSecond(EPOCH_SECONDS).plusNanos(nanos.get() + 5);
    }

    @Override
    public LongSupplier ticker() {
        return nanos::get;
    }

    @Override
    public List<ApiEndpointConfig> apiEndpoints() {
        return List.of();
    }

    @Override
    public List<ServiceEndpointConfig> serviceEndpoints() {
        return List.of();
    }

    @Override
    public CompatConfig compat() {
        return binder.compat();
    }

    @Override
    public LimitsConfig limits() {
        return binder.limits();
    }

    @Override
    public Path resolve(String file) {
        return binder.resolve(file);
    }

    @Override
    public TlsSettings checked(TlsSettings settings) {
        return settings;
    }

    @Override
    public HttpCaller http() {
        return binder.http();
    }

    @Override
    public void ownRequestHeader(String name) {
        binder.ownRequestHeader(name);
    }

    @Override
    public void guard(String description, double revocationDelaySeconds) {
        binder.guard(description, revocationDelaySeconds);
    }
}
