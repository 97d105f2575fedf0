package dev.gatehouse.cli.run;

import dev.gatehouse.cli.reload.Contents;
import dev.gatehouse.cli.reload.Reloader;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.ReadOptions;
import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.build.Catalog;
import dev.gatehouse.runtime.build.GatewayOptions;
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
 * @param origin where it came from, to read it again
 */
public record Prepared(
        @Nullable GatewayConfig config,
        @Nullable Gateway gateway,
        Problems problems,
        PrometheusMeterRegistry meters,
        Transport transport,
        Reloader.Origin origin) {
    /**
     * What to prepare.
     *
     * @param file the configuration file
     * @param environment variables for {@code ${NAME}} and for policies
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
        Contents contents = Reloader.contents(source.file());
        ConfigReader.Result read = read(source, catalog);
        GatewayConfig config = read.config();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Transport transport = Transport.detect();
        GatewayOptions options = new GatewayOptions(
                new BindOptions(source.lenient()),
                meters,
                InstantSource.system(),
                System::nanoTime,
                transport,
                Runtime.getRuntime().availableProcessors(),
                source.environment());
        Gateway gateway = config == null ? null : Gateway.build(config, read.problems(), catalog, options);
        Reloader.Origin origin =
                new Reloader.Origin(source.file(), contents, read.files(), () -> read(source, catalog));
        return new Prepared(config, gateway, read.problems(), meters, transport, origin);
    }

    /** Gives back what was built; only when the gateway is not started. */
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
        meters.close();
    }

    private static ConfigReader.Result read(Source source, Catalog catalog) {
        ReadOptions reading = new ReadOptions(catalog.policyKeys(), source.strict(), source.lenient());
        ConfigReader.Result read = ConfigReader.read(source.file(), source.environment(), reading);
        return read.config() == null
                ? read
                : new ConfigReader.Result(withPort(read.config(), source.port()), read.problems(), read.files());
    }

    private static GatewayConfig withPort(GatewayConfig config, @Nullable Integer port) {
        return port == null ? config : config.withHttpPort(port);
    }
}
