package dev.gatehouse.policies.proxy;

import dev.gatehouse.client.EnvironmentProxy;
import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.ProxyUrl;
import dev.gatehouse.client.Way;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policy.PolicyContext;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Decides how connections reach each URL of a service: {@code proxyUrl}, else the proxy that the environment names, the
 * source address, a Unix domain socket. Start-up thread.
 *
 * <p>What cannot be used is an error and never ignored: going around a proxy that somebody prescribed may leave a
 * network that must not be left.
 */
final class Ways {
    // sun_path of unix(7), less its terminating zero.
    private static final int MAX_SOCKET_BYTES = 107;

    private final PolicyContext context;
    private final String service;
    private final @Nullable ForwardProxy configured;
    private final @Nullable InetAddress from;
    private final @Nullable Path socket;
    private final EnvironmentProxy environment;

    Ways(PolicyContext context, ProxyPolicy.Config options, String service) {
        this.context = context;
        this.service = service;
        this.configured = configured(options.proxyUrl());
        this.from = address(options.localAddress());
        ProxyPolicy.TargetOptions target = options.target();
        this.socket = target == null ? null : socket(target.socketPath());
        this.environment = new EnvironmentProxy(context::environment);
    }

    /** The way to one URL. */
    Way to(URI url) {
        if (socket != null) {
            return Way.socket(socket);
        }
        ForwardProxy proxy = configured != null ? configured : ofEnvironment(url);
        return Way.over(proxy, from);
    }

    private @Nullable ForwardProxy configured(@Nullable Located<Secret> url) {
        if (url == null || url.value().reveal().isEmpty()) {
            return null;
        }
        try {
            return ProxyUrl.parse(url.value().reveal());
        } catch (IllegalArgumentException e) {
            context.problems().error("E0443", url.span(), path("proxyUrl"), "'proxyUrl': " + e.getMessage());
            return null;
        }
    }

    private @Nullable ForwardProxy ofEnvironment(URI url) {
        EnvironmentProxy.Found found = environment.of(url);
        if (found == null) {
            return null;
        }
        if (found.problem() != null) {
            context.problems()
                    .error("E0444", null, "", "environment variable '" + found.variable() + "': " + found.problem());
            return null;
        }
        context.problems()
                .warn(
                        "W0430",
                        null,
                        "",
                        "requests to service endpoint '" + service + "' go through " + found.proxy()
                                + ", which the environment variable '" + found.variable() + "' names",
                        "name the service's host in 'no_proxy' to connect directly, or write 'proxyUrl'.");
        return found.proxy();
    }

    private @Nullable InetAddress address(@Nullable Located<String> literal) {
        if (literal == null || literal.value().isEmpty()) {
            return null;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal.value());
        if (bytes == null) {
            context.problems()
                    .error(
                            "E0445",
                            literal.span(),
                            path("localAddress"),
                            "'localAddress': expected an IPv4 or IPv6 address of this machine, found \""
                                    + literal.value() + "\"");
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address literal of " + bytes.length + " bytes", e);
        }
    }

    private @Nullable Path socket(@Nullable Located<String> path) {
        if (path == null) {
            return null;
        }
        String problem = null;
        if (path.value().isEmpty() || path.value().indexOf('\0') >= 0) {
            problem = "expected the path of a Unix domain socket";
        } else if (path.value().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_BYTES) {
            problem = "a Unix domain socket has a path of at most " + MAX_SOCKET_BYTES + " bytes";
        } else if (configured != null) {
            problem = "a Unix domain socket cannot be reached through a proxy, remove one of them";
        } else if (from != null) {
            problem = "a connection to a Unix domain socket has no source address, remove 'localAddress'";
        }
        if (problem != null) {
            context.problems()
                    .error("E0446", path.span(), path("target.socketPath"), "'target.socketPath': " + problem);
            return null;
        }
        return Path.of(path.value());
    }

    private String path(String key) {
        return context.step().path() + ".action." + key;
    }
}
