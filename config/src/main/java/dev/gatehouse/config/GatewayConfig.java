package dev.gatehouse.config;

import dev.gatehouse.config.system.SystemConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole gateway.config.yml. Structure and references are checked; actions and conditions stay located nodes until
 * their policy binds them.
 *
 * @param file the file it was read from
 * @param http the cleartext listener; null = none
 * @param https the TLS listener; null = none
 * @param admin the admin listener; null = none
 * @param apiEndpoints entries in document order, several of one name where a list is written
 * @param serviceEndpoints in document order
 * @param policies the whitelist; null = section absent, all policies allowed
 * @param pipelines in document order
 * @param system the system.config.yml beside the file; null = there is none
 */
public record GatewayConfig(
        Path file,
        @Nullable HttpConfig http,
        @Nullable HttpsConfig https,
        @Nullable AdminConfig admin,
        List<ApiEndpointConfig> apiEndpoints,
        List<ServiceEndpointConfig> serviceEndpoints,
        @Nullable List<String> policies,
        List<PipelineConfig> pipelines,
        LimitsConfig limits,
        CompatConfig compat,
        LogConfig log,
        ShutdownConfig shutdown,
        OpsConfig ops,
        @Nullable SystemConfig system) {
    public GatewayConfig {
        apiEndpoints = List.copyOf(apiEndpoints);
        serviceEndpoints = List.copyOf(serviceEndpoints);
        policies = policies == null ? null : List.copyOf(policies);
        pipelines = List.copyOf(pipelines);
    }

    /** The same configuration with another port of the cleartext listener; 0 means any free one. */
    public GatewayConfig withHttpPort(int port) {
        HttpConfig other = new HttpConfig(port, http == null ? null : http.hostname());
        return new GatewayConfig(
                file,
                other,
                https,
                admin,
                apiEndpoints,
                serviceEndpoints,
                policies,
                pipelines,
                limits,
                compat,
                log,
                shutdown,
                ops,
                system);
    }
}
