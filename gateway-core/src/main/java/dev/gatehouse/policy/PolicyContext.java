package dev.gatehouse.policy;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Problems;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a policy gets from the gateway while it is made. Start-up thread. */
public interface PolicyContext {
    /** Name of the pipeline. */
    String pipeline();

    /** The step as written; its span is the place for problems that concern the whole step. */
    StepConfig step();

    /** The entries of the apiEndpoints that the pipeline serves. */
    List<ApiEndpointConfig> apiEndpoints();

    /** All service endpoints, in document order. */
    List<ServiceEndpointConfig> serviceEndpoints();

    CompatConfig compat();

    LimitsConfig limits();

    /** Collects warnings and errors; an error stops the start or the reload. */
    Problems problems();

    /**
     * Binds a located mapping to a record, with defaults, and reports what is wrong with it.
     *
     * @throws ConfigProblem after reporting, when it cannot be bound
     */
    <C extends Record> C bind(dev.gatehouse.config.yaml.Node.Mapping node, String path, Class<C> type);

    /** Resolves a file named in the configuration: working directory first, then the directory of the file. */
    Path resolve(String file);

    /**
     * Reads the files that TLS settings name, so that a mistake shows at start and not at the first request.
     *
     * @return the same settings
     * @throws ConfigProblem when a file cannot be used
     */
    TlsSettings checked(TlsSettings settings);

    /**
     * The live object for {@code key}, made on first use and kept across reloads as long as some policy of the running
     * configuration holds it; closed after that if it is {@link AutoCloseable}.
     *
     * @param key a record: equal keys share the object
     */
    <T> T shared(Record key, Supplier<T> make);

    /** Makes calls to other servers. */
    HttpCaller http();

    MeterRegistry meters();

    /** Wall clock, for dates in tokens. */
    InstantSource clock();

    /** Monotonic nanoseconds, for ages. */
    LongSupplier ticker();

    /** The value of an environment variable; null = not set. There are none unless the gateway was given some. */
    default @Nullable String environment(String name) {
        return null;
    }

    /**
     * Declares a request header as set by the gateway: a client's copy, in any letter case and with {@code _} or
     * {@code .} for {@code -}, is removed before the pipeline runs, also when the step is under a condition. A policy
     * that lets a client's value stand while its condition is false, as {@code headers} does, does not declare it then.
     */
    void ownRequestHeader(String name);

    /**
     * Has a document served to everybody, on the hosts of an apiEndpoint and before any pipeline runs. It lives as long
     * as the configuration that the policy belongs to. Documents at the same place must be equal.
     *
     * @param endpoint one of {@link #apiEndpoints()}
     * @param location the absolute URL under which clients know the document; its path begins with
     *     {@code /.well-known/}
     */
    default void publish(ApiEndpointConfig endpoint, URI location, PublicDocument document) {
        throw new UnsupportedOperationException("nothing is published here");
    }

    /**
     * Variables that scripts of this pipeline leave for later steps; {@link WrittenExpression} adds those of each script
     * and lets later ones name them.
     */
    default Set<String> scriptVariables() {
        return new HashSet<>();
    }

    /**
     * Declares what guards this pipeline, for the start-up output.
     *
     * @param description such as {@code introspect https://login.example.com/introspect}
     * @param revocationDelaySeconds longest time a revoked token still passes; positive infinity = unbounded
     */
    void guard(String description, double revocationDelaySeconds);
}
