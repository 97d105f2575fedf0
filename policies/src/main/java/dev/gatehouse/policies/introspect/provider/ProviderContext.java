package dev.gatehouse.policies.introspect.provider;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PublicDocument;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The context of one entry of {@code providers}: that of the policy, but what is written is the entry, so that problems
 * show its place. Start-up thread.
 */
public final class ProviderContext implements PolicyContext {
    private final PolicyContext policy;
    private final StepConfig step;
    private final String path;

    /**
     * The context of one entry.
     *
     * @param options the entry with the options of the policy that hold for all
     * @param path of the entry
     */
    public ProviderContext(PolicyContext policy, Node.Mapping options, String path) {
        this.policy = policy;
        this.path = path;
        StepConfig whole = policy.step();
        step = new StepConfig(whole.policy(), path, whole.condition(), options, options.span());
    }

    /** The path of an option of the policy or of the provider that {@code context} is for. */
    public static String path(PolicyContext context, String key) {
        return context instanceof ProviderContext provider
                ? provider.path + '.' + key
                : context.step().path() + ".action." + key;
    }

    @Override
    public StepConfig step() {
        return step;
    }

    @Override
    public String pipeline() {
        return policy.pipeline();
    }

    @Override
    public List<ApiEndpointConfig> apiEndpoints() {
        return policy.apiEndpoints();
    }

    @Override
    public List<ServiceEndpointConfig> serviceEndpoints() {
        return policy.serviceEndpoints();
    }

    @Override
    public CompatConfig compat() {
        return policy.compat();
    }

    @Override
    public LimitsConfig limits() {
        return policy.limits();
    }

    @Override
    public Problems problems() {
        return policy.problems();
    }

    @Override
    public <C extends Record> C bind(Node.Mapping node, String at, Class<C> type) {
        return policy.bind(node, at, type);
    }

    @Override
    public Path resolve(String file) {
        return policy.resolve(file);
    }

    @Override
    public TlsSettings checked(TlsSettings settings) {
        return policy.checked(settings);
    }

    @Override
    public <T> T shared(Record key, Supplier<T> make) {
        return policy.shared(key, make);
    }

    @Override
    public HttpCaller http() {
        return policy.http();
    }

    @Override
    public MeterRegistry meters() {
        return policy.meters();
    }

    @Override
    public InstantSource clock() {
        return policy.clock();
    }

    @Override
    public LongSupplier ticker() {
        return policy.ticker();
    }

    @Override
    public @Nullable String environment(String name) {
        return policy.environment(name);
    }

    @Override
    public void ownRequestHeader(String name) {
        policy.ownRequestHeader(name);
    }

    @Override
    public Set<String> scriptVariables() {
        return policy.scriptVariables();
    }

    @Override
    public void publish(ApiEndpointConfig endpoint, URI location, PublicDocument document) {
        policy.publish(endpoint, location, document);
    }

    @Override
    public void guard(String description, double revocationDelaySeconds) {
        policy.guard(description, revocationDelaySeconds);
    }
}
