package dev.gatehouse.client;

import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The forward proxy that the environment variables {@code http_proxy}, {@code https_proxy} and {@code no_proxy} name for
 * a URL. Start-up thread.
 */
public final class EnvironmentProxy {
    /** Express Gateway takes {@code http_proxy} for every service, so it stands in where the other is not set. */
    private static final List<String> FOR_TLS = List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY");

    private static final List<String> FOR_CLEARTEXT = List.of("http_proxy", "HTTP_PROXY");

    private final Function<String, @Nullable String> environment;
    private final NoProxy excepted;

    /** @param environment gives the value of a variable; null = not set */
    public EnvironmentProxy(Function<String, @Nullable String> environment) {
        this.environment = environment;
        String first = value("no_proxy");
        this.excepted = NoProxy.parse(first == null ? value("NO_PROXY") : first);
    }

    /**
     * What a variable says. Exactly one of {@code proxy} and {@code problem} is there.
     *
     * @param problem why its value cannot be used, without a part of it
     */
    public record Found(
            String variable,
            @Nullable ForwardProxy proxy,
            @Nullable String problem) {}

    /** What is said about {@code url}; null = nothing, or that it is reached directly. */
    public @Nullable Found of(URI url) {
        for (String name : UrlPlace.isTls(url) ? FOR_TLS : FOR_CLEARTEXT) {
            String value = value(name);
            if (value != null) {
                return excepted.covers(UrlPlace.of(url)) ? null : found(name, value);
            }
        }
        return null;
    }

    private static Found found(String name, String value) {
        try {
            // By custom the scheme may be left out here.
            return new Found(name, ProxyUrl.parse(value.contains("://") ? value : "http://" + value), null);
        } catch (IllegalArgumentException e) {
            return new Found(name, null, e.getMessage());
        }
    }

    private @Nullable String value(String name) {
        String value = environment.apply(name);
        return value == null || value.isBlank() ? null : value.trim();
    }
}
