package dev.gatehouse.policies;

import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.config.ReadOptions;
import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.StartFailure;
import dev.gatehouse.runtime.build.Catalog;
import dev.gatehouse.runtime.build.GatewayOptions;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.transport.Transport;
import dev.gatehouse.upstream.ScriptedPeer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** The real engine with all policies, in front of one service whose answers are scripted. */
public final class GatewayFixture implements AutoCloseable {
    private final ScriptedPeer service = ScriptedPeer.start();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AccessLog log;
    private final Gateway gateway;
    private final int port;

    private GatewayFixture(Path folder, String top, String steps) throws IOException, StartFailure {
        String text = """
                http: {port: 0, hostname: 127.0.0.1}
                apiEndpoints: {api: {host: '*', paths: '/*'}}
                serviceEndpoints: {backend: {url: 'http://127.0.0.1:%d'}}
                policies: [request-transformer, response-transformer, headers, oauth2-introspect, terminate, proxy]
                pipelines:
                  main:
                    apiEndpoints: [api]
                    policies:
                """.formatted(service.port()) + steps.indent(6) + top;
        Path file = Files.writeString(folder.resolve("gateway.config.yml"), text);
        Catalog catalog = Catalog.load();
        ConfigReader.Result read =
                ConfigReader.read(file, Map.of(), new ReadOptions(catalog.policyKeys(), false, false));
        Problems problems = read.problems();
        GatewayConfig config =
                Objects.requireNonNull(read.config(), () -> problems.all().toString());
        GatewayOptions options = new GatewayOptions(
                BindOptions.DEFAULT, meters, InstantSource.system(), System::nanoTime, Transport.detect(), 1);
        gateway = Objects.requireNonNull(
                Gateway.build(config, problems, catalog, options),
                () -> problems.all().toString());
        log = AccessLog.open(new AccessOptions(LogConfig.Access.OFF, true, false, false, ""), lines -> {}, meters);
        port = gateway.start(log).get(0).address().getPort();
    }

    /**
     * A gateway with one pipeline for every path.
     *
     * @param steps the items under {@code policies} of the pipeline; the last one should be {@code - proxy}
     */
    public static GatewayFixture start(Path folder, String steps) throws IOException, StartFailure {
        return new GatewayFixture(folder, "", steps);
    }

    /**
     * The same with more of the file.
     *
     * @param top further keys of the top level, such as {@code limits}
     */
    public static GatewayFixture start(Path folder, String top, String steps) throws IOException, StartFailure {
        return new GatewayFixture(folder, top, steps);
    }

    public RawClient client() throws IOException {
        return new RawClient(port);
    }

    /** The service behind the gateway. */
    public ScriptedPeer service() {
        return service;
    }

    public MeterRegistry meters() {
        return meters;
    }

    public long inFlight() {
        return gateway.inFlight();
    }

    @Override
    public void close() {
        gateway.stop(Duration.ZERO, Duration.ofSeconds(2));
        service.close();
        log.close();
    }
}
