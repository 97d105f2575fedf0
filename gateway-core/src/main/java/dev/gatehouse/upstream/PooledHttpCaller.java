package dev.gatehouse.upstream;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import dev.gatehouse.upstream.reach.Knock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Small calls over the pools that also serve proxied requests. A call from an event loop stays on that loop; others are
 * spread over all loops. Safe on any thread.
 */
public final class PooledHttpCaller implements HttpCaller {
    private final List<UpstreamClient> clients;
    private final AtomicInteger next = new AtomicInteger();

    /** @param clients one per event loop, at least one */
    public PooledHttpCaller(List<UpstreamClient> clients) {
        if (clients.isEmpty()) {
            throw new IllegalArgumentException("clients: empty (expected: at least one)");
        }
        this.clients = List.copyOf(clients);
    }

    @Override
    public CompletionStage<CallResult> call(HttpCall call) {
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        UpstreamClient client = client();
        if (client.loop().inEventLoop()) {
            AggregatedCall.start(client, call, result);
            return result;
        }
        try {
            client.execute(() -> AggregatedCall.start(client, call, result));
        } catch (RejectedExecutionException e) {
            // The loops are shutting down.
            result.complete(new CallResult.Failed(CallResult.Cause.OVERLOAD, true));
        }
        return result;
    }

    @Override
    public CompletionStage<Boolean> reaches(Target target, Duration timeout) {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        UpstreamClient client = client();
        try {
            client.execute(() -> new Knock(client.loop(), client.addresses(), client.bootstrap(target), timeout)
                    .at(target, reached));
        } catch (RejectedExecutionException e) {
            // The loops are shutting down.
            reached.complete(false);
        }
        return reached;
    }

    private UpstreamClient client() {
        for (UpstreamClient client : clients) {
            if (client.loop().inEventLoop()) {
                return client;
            }
        }
        return clients.get(Math.floorMod(next.getAndIncrement(), clients.size()));
    }
}
