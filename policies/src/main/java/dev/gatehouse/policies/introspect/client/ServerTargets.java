package dev.gatehouse.policies.introspect.client;

import dev.gatehouse.client.EnvironmentProxy;
import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.ProxyUrl;
import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.client.UrlPlace;
import dev.gatehouse.client.Way;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.policies.introspect.options.ClientAuthOptions;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.TlsOptions;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers behind the URLs of an authorization server: TLS as configured, over the proxy that is configured or that
 * the environment names. This machine itself is reached directly unless a proxy is configured. Start-up thread.
 */
final class ServerTargets {
    private final TlsOptions options;
    private final @Nullable ClientAuthOptions auth;
    private final @Nullable Secret proxy;
    private final PolicyContext context;
    private @Nullable TlsSettings tls;

    /** @param proxy URL of a proxy or none; null = as the environment says */
    ServerTargets(TlsOptions options, @Nullable ClientAuthOptions auth, @Nullable Secret proxy, PolicyContext context) {
        this.options = options;
        this.auth = auth;
        this.proxy = proxy;
        this.context = context;
    }

    /**
     * The peer of an absolute http or https URL.
     *
     * @throws ConfigProblem when a file of the TLS settings or a variable of the environment cannot be used
     */
    Target of(URI url) {
        UrlPlace place = UrlPlace.of(url);
        return new Target(
                place.host(),
                place.port(),
                UrlPlace.isTls(url) ? tls() : null,
                Way.over(proxy(url, place.host()), null));
    }

    private TlsSettings tls() {
        TlsSettings known = tls;
        if (known == null) {
            known = read();
            tls = known;
        }
        return known;
    }

    private TlsSettings read() {
        var ca = options.ca().stream().map(this::resolved).toList();
        @Nullable ClientAuthOptions shown = auth != null && auth.isTls() ? auth : null;
        @Nullable Path certificate = shown == null ? null : shown.certificate();
        @Nullable Path key = shown == null ? null : shown.key();
        @Nullable Secret passphrase = shown == null ? null : shown.passphrase();
        return context.checked(new TlsSettings(
                !options.insecureSkipVerify(),
                ca,
                certificate == null ? null : resolved(certificate),
                key == null ? null : resolved(key),
                options.serverName(),
                passphrase == null ? null : new TlsSettings.Passphrase(passphrase.reveal()),
                options.minVersion().equals(TlsOptions.TLS_1_3)
                        ? TlsSettings.Version.TLS_1_3
                        : TlsSettings.Version.TLS_1_2));
    }

    private Path resolved(Path file) {
        return context.resolve(file.toString());
    }

    private @Nullable ForwardProxy proxy(URI url, String host) {
        if (proxy != null) {
            return proxy.reveal().equals(IntrospectOptions.NO_PROXY) ? null : ProxyUrl.parse(proxy.reveal());
        }
        if (isThisMachine(host)) {
            return null;
        }
        EnvironmentProxy.Found found = new EnvironmentProxy(context::environment).of(url);
        if (found == null) {
            return null;
        }
        if (found.problem() != null) {
            throw new ConfigProblem(new Problem(
                    "E0444",
                    Severity.ERROR,
                    context.step().span(),
                    ProviderContext.path(context, "proxy"),
                    "environment variable '" + found.variable() + "': " + found.problem(),
                    List.of("correct it, or set 'proxy'.")));
        }
        context.problems()
                .warn(
                        "W0428",
                        context.step().span(),
                        ProviderContext.path(context, "proxy"),
                        "pipeline '" + context.pipeline() + "': calls to '" + url.getHost() + "' go through "
                                + found.proxy() + ", which the environment variable '" + found.variable() + "' names",
                        "set 'proxy', or name the host in 'no_proxy'.");
        return found.proxy();
    }

    private static boolean isThisMachine(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return address == null
                    ? host.equalsIgnoreCase("localhost")
                    : InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address literal of " + address.length + " bytes", e);
        }
    }
}
