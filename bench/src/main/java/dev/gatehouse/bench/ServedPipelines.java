package dev.gatehouse.bench;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.ReadOptions;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.pipeline.OwnedHeaders;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.pipeline.Step;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.route.RouteTable;
import dev.gatehouse.runtime.build.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Makes the pipelines and routes of a configuration text with the policies of the product, without a gateway. */
final class ServedPipelines {
    private final GatewayConfig config;
    private final MeterRegistry meters;
    private final HttpCaller http;

    private ServedPipelines(GatewayConfig config, MeterRegistry meters, HttpCaller http) {
        this.config = config;
        this.meters = meters;
        this.http = http;
    }

    /**
     * The routes with their pipelines.
     *
     * @throws IllegalStateException when the text has a mistake
     */
    static RouteTable<Pipeline> of(String text, MeterRegistry meters, HttpCaller http) throws IOException {
        Path file = Files.createTempFile("gateway", ".config.yml");
        try {
            Files.writeString(file, text);
            ReadOptions options = new ReadOptions(Catalog.load().policyKeys(), false, false);
            ConfigReader.Result read = ConfigReader.read(file, Map.of(), options);
            GatewayConfig config = read.config();
            if (config == null || read.problems().hasErrors()) {
                throw new IllegalStateException(read.problems().all().toString());
            }
            return new ServedPipelines(config, meters, http).routes();
        } finally {
            Files.delete(file);
        }
    }

    private RouteTable<Pipeline> routes() {
        Map<String, Pipeline> byEndpoint = new HashMap<>();
        for (PipelineConfig written : config.pipelines()) {
            Pipeline pipeline = pipeline(written);
            written.apiEndpoints().forEach(endpoint -> byEndpoint.put(endpoint.value(), pipeline));
        }
        return RouteTable.compile(config.apiEndpoints(), byEndpoint::get, new Problems());
    }

    private Pipeline pipeline(PipelineConfig written) {
        List<Step> steps = new ArrayList<>();
        List<String> owned = new ArrayList<>();
        for (StepConfig step : written.steps()) {
            StepSurroundings surroundings = new StepSurroundings(config, written.name(), step, meters, http);
            steps.add(new Step(step.policy(), null, policy(step.policy(), surroundings)));
            owned.addAll(surroundings.owned());
        }
        return new Pipeline(written.name(), steps, new OwnedHeaders(owned));
    }

    @SuppressWarnings("rawtypes") // ServiceLoader knows no type parameters
    private static Policy policy(String name, StepSurroundings surroundings) {
        for (PolicyFactory factory : ServiceLoader.load(PolicyFactory.class)) {
            if (factory.name().equals(name)) {
                PolicyFactory<?> known = factory;
                return create(known, surroundings);
            }
        }
        throw new IllegalStateException("no policy " + name);
    }

    private static <C extends Record> Policy create(PolicyFactory<C> factory, StepSurroundings surroundings) {
        return factory.create(surroundings.action(factory.config()), surroundings);
    }
}
