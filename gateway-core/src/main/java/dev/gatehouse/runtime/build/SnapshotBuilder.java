package dev.gatehouse.runtime.build;

import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.pipeline.OwnedHeaders;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.pipeline.Step;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.route.RouteTable;
import dev.gatehouse.server.Served;
import dev.gatehouse.server.Traffic;
import dev.gatehouse.server.document.Documents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a snapshot of a configuration: policies, conditions, routes. All problems are reported, not the first; with an
 * error nothing is kept, and what was made for it is given back.
 */
public final class SnapshotBuilder {
    private final GatewayConfig config;
    private final Problems problems;
    private final BuildTools tools;
    private final SharedResources.Lease resources;
    private final List<Guard> guards = new ArrayList<>();
    private final Set<Path> files = new HashSet<>();
    private final Set<TlsSettings> tls = new HashSet<>();
    private final Publications publications;

    private SnapshotBuilder(
            GatewayConfig config, Problems problems, BuildTools tools, SharedResources.Lease resources) {
        this.config = config;
        this.problems = problems;
        this.tools = tools;
        this.resources = resources;
        this.publications = new Publications(config.apiEndpoints(), config.pipelines(), problems);
    }

    /** The snapshot, or null when {@code problems} holds an error. */
    public static @Nullable Snapshot build(
            GatewayConfig config, Problems problems, BuildTools tools, SharedResources shared, Traffic traffic) {
        SharedResources.Lease resources = shared.lease();
        boolean done = false;
        try {
            SnapshotBuilder builder = new SnapshotBuilder(config, problems, tools, resources);
            RouteTable<Pipeline> routes = builder.routes();
            Documents documents = builder.publications.documents(routes);
            if (problems.hasErrors()) {
                return null;
            }
            done = true;
            Served served = new Served(routes, documents, config.limits(), config.compat(), traffic);
            Snapshot.Inputs inputs = new Snapshot.Inputs(builder.files, builder.tls);
            return new Snapshot(config, served, builder.guards, inputs, resources);
        } finally {
            if (!done) {
                resources.close();
            }
        }
    }

    private RouteTable<Pipeline> routes() {
        Map<String, Pipeline> byEndpoint = new HashMap<>();
        for (PipelineConfig written : config.pipelines()) {
            Pipeline pipeline = pipeline(written);
            for (Located<String> endpoint : written.apiEndpoints()) {
                // The last pipeline that lists an apiEndpoint serves it, as in Express Gateway.
                byEndpoint.put(endpoint.value(), pipeline);
            }
        }
        return RouteTable.compile(config.apiEndpoints(), byEndpoint::get, problems);
    }

    private Pipeline pipeline(PipelineConfig written) {
        List<Step> steps = new ArrayList<>();
        List<String> owned = new ArrayList<>();
        Set<String> variables = new HashSet<>();
        Guard guard = null;
        for (StepConfig stepConfig : written.steps()) {
            StepContext context =
                    new StepContext(config, written, stepConfig, problems, tools, resources).variables(variables);
            Step step = step(stepConfig, context);
            if (step == null) {
                publications.broken(written);
            } else {
                steps.add(step);
            }
            publications.add(context.published());
            owned.addAll(context.owned());
            files.addAll(context.files());
            tls.addAll(context.tls());
            guard = guard == null ? context.guard() : guard;
        }
        guards.add(guard == null ? new Guard(written.name(), null, 0) : guard);
        warnWhenUnanswered(written);
        return new Pipeline(written.name(), steps, new OwnedHeaders(owned));
    }

    private @Nullable Step step(StepConfig written, StepContext context) {
        PolicyFactory<?> factory = tools.catalog().policy(written.policy());
        if (factory == null) {
            reportUnknown(written);
            return null;
        }
        Condition condition = null;
        if (written.condition() != null) {
            condition = context.conditionOrReport(written.condition(), written.path() + ".condition");
        }
        try {
            return new Step(label(written), condition, make(factory, written, context), context.bodyBytes());
        } catch (ConfigProblem e) {
            problems.add(e.problem());
            return null;
        }
    }

    /** Who read the file has mostly said so already, and said more. */
    private void reportUnknown(StepConfig written) {
        boolean known = problems.all().stream()
                .anyMatch(problem ->
                        problem.severity() == Severity.ERROR && written.span().equals(problem.span()));
        boolean listed = problems.all().stream()
                .anyMatch(problem ->
                        problem.code().equals("E0303") && problem.message().contains("'" + written.policy() + "'"));
        if (!known && !listed) {
            problems.error(
                    "E0401",
                    written.span(),
                    written.path(),
                    "policy '" + written.policy() + "' does not exist",
                    "known policies: " + String.join(", ", tools.catalog().policies()) + ".");
        }
    }

    private static <C extends Record> Policy make(PolicyFactory<C> factory, StepConfig step, StepContext context) {
        C bound = context.bind(
                step.action(),
                step.span(),
                step.path() + ".action",
                "policy '" + step.policy() + "'",
                factory.config());
        return factory.create(bound, context);
    }

    private static String label(StepConfig step) {
        return step.policy() + '@' + step.span().line();
    }

    /** A request that no policy answers gets 404; whoever relied on the next apiEndpoint must hear of it at start. */
    private void warnWhenUnanswered(PipelineConfig pipeline) {
        boolean answers = pipeline.steps().stream().anyMatch(this::alwaysAnswers);
        if (!answers
                && !config.compat().fallThrough()
                && !pipeline.apiEndpoints().isEmpty()) {
            problems.warn(
                    "W0306",
                    pipeline.span(),
                    "pipelines." + pipeline.name(),
                    "pipeline '" + pipeline.name() + "' can end without an answer: such a request gets 404",
                    "add a policy that answers, such as proxy or terminate, or set 'compat.fallThrough'.");
        }
    }

    private boolean alwaysAnswers(StepConfig step) {
        PolicyFactory<?> factory = tools.catalog().policy(step.policy());
        return step.condition() == null && factory != null && factory.terminal();
    }
}
