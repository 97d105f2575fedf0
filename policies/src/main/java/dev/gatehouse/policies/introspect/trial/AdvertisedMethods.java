package dev.gatehouse.policies.introspect.trial;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import dev.gatehouse.policies.introspect.discovery.Discovery;
import dev.gatehouse.policies.introspect.discovery.ServerMetadata;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Which client authentication a server says its introspection endpoint takes (RFC 8414 section 2). Asks the host of the
 * endpoint and no other. Safe on any thread; never blocks.
 */
public final class AdvertisedMethods {
    private final Target target;
    private final HttpCaller http;
    private final LongSupplier ticker;

    /** @param target how the endpoint is reached */
    public AdvertisedMethods(Target target, HttpCaller http, LongSupplier ticker) {
        this.target = target;
        this.http = http;
        this.ticker = ticker;
    }

    /**
     * What the first of the issuers publishes that publishes anything; the host itself counts as the last of them.
     * Completes normally; empty = nothing is published.
     *
     * @param issuers who may have made the token; those of other hosts are left out
     */
    public CompletionStage<List<String>> of(List<String> issuers) {
        Set<String> candidates = new LinkedHashSet<>(issuers);
        candidates.add((target.tls() == null ? "http://" : "https://") + target.authority());
        List<ServerUrl> here = new ArrayList<>();
        for (String candidate : candidates) {
            addIfHere(here, candidate);
        }
        return ask(here, 0);
    }

    private void addIfHere(List<ServerUrl> here, String issuer) {
        try {
            URI uri = new URI(issuer);
            boolean here8414 = ServerUrl.isUsable(uri) && uri.getRawQuery() == null;
            if (here8414) {
                ServerUrl url = new ServerUrl(uri);
                if (url.isSecure() == (target.tls() != null) && url.authority().equalsIgnoreCase(target.authority())) {
                    here.add(url);
                }
            }
        } catch (URISyntaxException e) {
            // The token says who made it, and a token may say anything.
        }
    }

    private CompletionStage<List<String>> ask(List<ServerUrl> issuers, int index) {
        if (index >= issuers.size()) {
            return CompletableFuture.completedFuture(List.of());
        }
        ServerUrl issuer = issuers.get(index);
        Discovery discovery = Discovery.open(new Discovery.Key(issuer.uri().toString(), target), http, ticker);
        return discovery.ready().thenCompose(done -> {
            discovery.close();
            ServerMetadata metadata = discovery.current();
            List<String> methods = metadata == null ? List.of() : metadata.introspectionAuthMethods();
            return methods.isEmpty() ? ask(issuers, index + 1) : CompletableFuture.completedFuture(methods);
        });
    }
}
