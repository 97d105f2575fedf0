package dev.gatehouse.runtime.build;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.ReadOptions;
import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.BodySink;
import dev.gatehouse.exchange.BodyTransform;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.PublicDocument;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.transport.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Small policies and conditions, and configurations that use them. */
public final class RuntimeFixture {
    /** Action of every policy here. */
    record Config(@Doc("What it does it with.") @Default("") String text) {}

    record Nothing() {}

    record Key(String name) {}

    private final Path folder;
    public final CompletableFuture<Void> gate = new CompletableFuture<>();
    public final List<String> closed = new ArrayList<>();
    public final Catalog catalog = Catalog.of(
            List.of(
                    new Factory("answer", true, RuntimeFixture::answer),
                    new Factory("wait", false, (text, context) -> wait(gate)),
                    new Factory("cut", false, RuntimeFixture::cut),
                    new Factory("hold", false, this::hold),
                    new Factory("own", false, RuntimeFixture::own),
                    new Factory("publish", false, RuntimeFixture::publish),
                    new Factory("broken", false, RuntimeFixture::broken)),
            List.of(new Constant("always", true), new Constant("never", false), new Nameless()));

    public RuntimeFixture(Path folder) {
        this.folder = folder;
    }

    /** A policy of one name whose behaviour is a function of its text. */
    private record Factory(String name, boolean terminal, BiFunction<String, PolicyContext, Policy> make)
            implements PolicyFactory<Config> {
        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            return make.apply(config.text(), context);
        }
    }

    private record Constant(String name, boolean value) implements ConditionFactory<Nothing> {
        @Override
        public Class<Nothing> config() {
            return Nothing.class;
        }

        @Override
        public Condition create(Nothing config, ConditionContext context) {
            return exchange -> value;
        }
    }

    /** Nests a condition that has no name. */
    private record Nameless() implements ConditionFactory<Nothing> {
        @Override
        public String name() {
            return "nameless";
        }

        @Override
        public Class<Nothing> config() {
            return Nothing.class;
        }

        @Override
        public Condition create(Nothing config, ConditionContext context) {
            Node.Mapping empty = new Node.Mapping(context.step().span(), List.of());
            return context.condition(empty, context.step().path());
        }
    }

    /** Two apiEndpoints, {@code /a} and {@code /b}, in front of {@code pipelines}. */
    public GatewayConfig config(String pipelines, Problems problems) {
        return config("http: {port: 0, hostname: 127.0.0.1}\n", pipelines, problems);
    }

    public GatewayConfig config(String listeners, String pipelines, Problems problems) {
        return read(listeners + """
                apiEndpoints:
                  a: {host: '*', paths: /a}
                  b: {host: '*', paths: /b}
                policies: [answer, cut, wait, hold, own, broken, missing]
                pipelines:
                """ + pipelines.indent(2), problems);
    }

    public GatewayConfig read(String text, Problems problems) {
        try {
            Path file = Files.writeString(folder.resolve("gateway.config.yml"), text);
            Map<String, Set<String>> known = new HashMap<>(catalog.policyKeys());
            // The file may name it, and then nobody makes it.
            known.put("missing", Set.of());
            ReadOptions options = new ReadOptions(known, false, false);
            ConfigReader.Result result = ConfigReader.read(file, Map.of(), options);
            result.problems().all().forEach(problems::add);
            return Objects.requireNonNull(result.config(), () -> codes(problems).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public GatewayOptions options() {
        return new GatewayOptions(
                BindOptions.DEFAULT,
                new SimpleMeterRegistry(),
                InstantSource.system(),
                System::nanoTime,
                Transport.detect(),
                2);
    }

    public static List<String> codes(Problems problems) {
        return problems.all().stream().map(Problem::code).toList();
    }

    private static Policy answer(String text, PolicyContext context) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return exchange -> Verdict.reply(Reply.of(null, 200, "text/plain", bytes));
    }

    /** Breaks every response off at its end. */
    private static Policy cut(String text, PolicyContext context) {
        return exchange -> {
            exchange.onResponse(response -> response.transformBody(new BodyTransform() {
                @Override
                public void onData(ByteBuf chunk, BodySink out) {
                    out.write(chunk.retainedSlice());
                }

                @Override
                public void onEnd(BodySink out) {
                    throw new IllegalStateException(text);
                }
            }));
            return Verdict.next();
        };
    }

    private static Policy wait(CompletableFuture<Void> gate) {
        return exchange -> Verdict.await(gate, done -> Verdict.next());
    }

    private Policy hold(String text, PolicyContext context) {
        context.shared(new Key(text), () -> (AutoCloseable) () -> closed.add(text));
        return exchange -> Verdict.next();
    }

    private static Policy own(String text, PolicyContext context) {
        context.ownRequestHeader(text);
        return exchange -> Verdict.next();
    }

    /** Publishes its text about each protected resource that the pipeline serves. */
    private static Policy publish(String text, PolicyContext context) {
        for (ApiEndpointConfig endpoint : context.apiEndpoints()) {
            ResourceConfig resource = endpoint.resource();
            if (resource != null) {
                context.publish(endpoint, resource.metadata(), new PublicDocument("application/json", text));
            }
        }
        return exchange -> Verdict.next();
    }

    private static Policy broken(String text, PolicyContext context) {
        throw new ConfigProblem(new Problem(
                "E0999",
                Severity.ERROR,
                context.step().span(),
                context.step().path(),
                "cannot work: " + text,
                List.of()));
    }
}
