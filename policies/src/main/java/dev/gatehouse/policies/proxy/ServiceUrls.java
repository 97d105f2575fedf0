package dev.gatehouse.policies.proxy;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.UrlPlace;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of a service endpoint in turn. Shared by all event loops: the counter is atomic, the rest immutable.
 *
 * <p>Each step counts for itself and starts at the first URL. What follows a URL as a substitute has the same path and
 * query, because the request target is made before it is known who takes the connection.
 */
final class ServiceUrls {
    private final ServiceUrl[] urls;
    private final AtomicInteger turn = new AtomicInteger();

    private ServiceUrls(List<ServiceUrl> urls) {
        this.urls = urls.toArray(new ServiceUrl[0]);
    }

    static ServiceUrls none() {
        return new ServiceUrls(List.of());
    }

    /**
     * Takes the URLs apart.
     *
     * @param prependPath whether path and query of a URL are used
     * @param target makes the target of a URL
     * @param authorization replaces credentials inside the URLs; null = those
     * @throws IllegalArgumentException naming the URL without its credentials, when a port is invalid
     */
    static ServiceUrls of(
            List<URI> urls, boolean prependPath, Function<URI, Target> target, @Nullable String authorization) {
        List<Target> targets = urls.stream().map(target).toList();
        List<ServiceUrl> parsed = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            URI url = urls.get(i);
            String path =
                    prependPath && url.getRawPath() != null ? url.getRawPath().replaceAll("/{2,}", "/") : "";
            parsed.add(new ServiceUrl(
                    tried(urls, targets, i, prependPath),
                    path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
                    path.isEmpty() ? "/" : path,
                    prependPath ? url.getRawQuery() : null,
                    targets.get(i).authority(),
                    authorization != null ? authorization : UrlPlace.userInfo(url)));
        }
        return new ServiceUrls(parsed);
    }

    private static List<Target> tried(List<URI> urls, List<Target> targets, int first, boolean prependPath) {
        List<Target> tried = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            int next = (first + i) % urls.size();
            boolean sameBase = !prependPath
                    || (Objects.equals(
                                    urls.get(first).getRawPath(), urls.get(next).getRawPath())
                            && Objects.equals(
                                    urls.get(first).getRawQuery(),
                                    urls.get(next).getRawQuery()));
            if (sameBase && !tried.contains(targets.get(next))) {
                tried.add(targets.get(next));
            }
        }
        return tried;
    }

    boolean isEmpty() {
        return urls.length == 0;
    }

    /** The URL whose turn it is. */
    ServiceUrl next() {
        return urls.length == 1 ? urls[0] : urls[Math.floorMod(turn.getAndIncrement(), urls.length)];
    }

    /** Values of the Host field that name this service. */
    List<String> authorities() {
        List<String> names = new ArrayList<>();
        for (ServiceUrl url : urls) {
            names.add(url.authority());
        }
        return names;
    }
}
