package dev.gatehouse.config;

import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Unit;
import dev.gatehouse.config.report.ProblemPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a file as the whole product would: the sections here, the actions by stand-ins for the real policies. */
final class CheckedFileFixture {
    static final String NAME = "gateway.config.yml";

    private static final Map<String, Class<? extends Record>> POLICIES = Map.of(
            "oauth2-introspect", Introspect.class,
            "proxy", Proxy.class,
            "headers", Headers.class,
            "log", Log.class,
            "rate-limit", RateLimit.class,
            "terminate", Terminate.class);

    record Introspect(
            @Doc("Where to ask.") URI endpoint,
            @Doc("Credentials.") @Nullable Secret authorization_value,

            @Doc("Age of an answer.") @Default("60") @Unit(ChronoUnit.SECONDS)
            Duration ttl,

            @Doc("Let others through.") @Default("false") boolean passThrough) {
        Introspect {
            if (ttl.isNegative()) {
                throw new IllegalArgumentException("ttl: " + ttl.toSeconds() + " (expected: zero or more)");
            }
        }
    }

    record Proxy(
            @Doc("Where to go.") @Nullable Located<String> serviceEndpoint,
            @Doc("Longest wait.") @Default("60000") Duration proxyTimeout,
            @Doc("Cut the path.") @Default("false") boolean stripPath,
            @Doc("How to choose.") @Default("round-robin") Strategy strategy) {
        enum Strategy {
            ROUND_ROBIN
        }
    }

    record Headers(
            @Doc("Prefix.") @Default("") String headersPrefix,
            @Doc("Headers.") Map<String, String> forwardHeaders) {}

    record Log(@Doc("Text.") String message) {}

    record RateLimit(
            @Doc("Most requests.") @Default("5") int max,
            @Doc("Key.") @Nullable String rateLimitBy) {}

    record Terminate(
            @Doc("Status.") @Default("400") int statusCode,
            @Doc("Body.") @Default("Terminated") String message) {}

    private CheckedFileFixture() {}

    static ReadOptions options(boolean strict, boolean lenient) {
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        POLICIES.forEach((name, type) -> keys.put(name, RecordBinder.keys(type)));
        return new ReadOptions(keys, strict, lenient);
    }

    static ConfigReader.Result read(Path directory, String text, Map<String, String> environment) {
        return read(directory, text.getBytes(StandardCharsets.UTF_8), environment, options(false, false));
    }

    /** What a file without errors says. */
    static GatewayConfig config(Path directory, String text) {
        ConfigReader.Result result = read(directory, text, Map.of());
        if (result.problems().hasErrors()) {
            throw new AssertionError(printed(directory, result.problems()));
        }
        return Objects.requireNonNull(result.config());
    }

    static ConfigReader.Result read(
            Path directory, byte[] bytes, Map<String, String> environment, ReadOptions options) {
        try {
            Path file = directory.resolve(NAME);
            Files.write(file, bytes);
            ConfigReader.Result result = ConfigReader.read(file, environment, options);
            GatewayConfig config = result.config();
            if (config != null) {
                bindActions(config, result.problems(), options);
            }
            return result;
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private static void bindActions(GatewayConfig config, Problems problems, ReadOptions options) {
        RecordBinder binder = new RecordBinder(problems, new BindOptions(options.lenient()));
        for (PipelineConfig pipeline : config.pipelines()) {
            for (StepConfig step : pipeline.steps()) {
                Class<? extends Record> type = POLICIES.get(step.policy());
                if (type == null) {
                    continue;
                }
                String path = step.path() + ".action";
                Record bound = binder.bind(step.action(), step.span(), path, "policy '" + step.policy() + "'", type);
                if (bound instanceof Proxy proxy && proxy.serviceEndpoint() != null) {
                    ServiceEndpointConfig.find(
                            config.serviceEndpoints(), proxy.serviceEndpoint(), path + ".serviceEndpoint", problems);
                }
            }
        }
    }

    /** What {@code validate} would print, with the bare file name. */
    static String printed(Path directory, Problems problems) {
        return ProblemPrinter.inFileOrder(problems).stream()
                .map(ProblemPrinter::text)
                .collect(Collectors.joining("\n\n"))
                .replace(directory.resolve(NAME).toString(), NAME);
    }

    /** {@code E0102@18:54} for each problem, in file order. */
    static List<String> places(Problems problems) {
        return ProblemPrinter.inFileOrder(problems).stream()
                .map(CheckedFileFixture::place)
                .toList();
    }

    private static String place(Problem problem) {
        return problem.code()
                + (problem.span() == null
                        ? ""
                        : "@" + problem.span().line() + ":" + problem.span().column());
    }
}
