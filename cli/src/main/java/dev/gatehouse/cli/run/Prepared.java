package dev.gatehouse.cli.run;

import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.ReadOptions;
import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.runtime.Catalog;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.GatewayOptions;
import dev.gatehouse.transport.Transport;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration, read and built completely; no port is open and no other server was asked.
 *
 * @param config what the file says; null when its structure is broken
 * @param gateway the gateway; null when {@code problems} holds an error
 * @param problems everything that was found
 */
public record Prepared(
        @Nullable GatewayConfig config,
        @Nullable Gateway gateway,
        Problems problems,
        PrometheusMeterRegistry meters,
        Transport transport) {
    /**
     * What to prepare.
     *
     * @param file the configuration file
     * @param environment variables for {@code ${NAME}}
     * @param strict whether warnings are errors
     * @param lenient whether misspelt keys are warnings
     * @param port instead of {@code http.port}; null = as written
     */
    public record Source(
            Path file,
            Map<String, String> environment,
            boolean strict,
            boolean lenient,
            @Nullable Integer port) {
        public Source {
            environment = Map.copyOf(environment);
        }
    }

    /** Reads and builds. */
    public static Prepared of(Source source) {
        Catalog catalog = Catalog.load();
        ReadOptions reading = new ReadOptions(catalog.policyKeys(), source.strict(), source.lenient());
        ConfigReader.Result read = ConfigReader.read(source.file(), source.environment(), reading);
        GatewayConfig written = read.config();
        GatewayConfig config = written == null || source.port() == null ? written : written.withHttpPort(source.port());
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Transport transport = Transport.detect();
        GatewayOptions options = new GatewayOptions(
                new BindOptions(source.lenient()),
                meters,
                InstantSource.system(),
                System::nanoTime,
                transport,
                Runtime.getRuntime().availableProcessors());
        Gateway gateway = config == null ? null : Gateway.build(config, read.problems(), catalog, options);
        return new Prepared(config, gateway, read.problems(), meters, transport);
    }

    /** Gives back what was built; only when the gateway is not started. */
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
        meters.close();
    }
}
