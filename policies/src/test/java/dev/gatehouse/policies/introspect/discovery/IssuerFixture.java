package dev.gatehouse.policies.introspect.discovery;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A server that publishes documents by their paths; what it does not have is 404. Records what it was asked. */
public final class IssuerFixture implements HttpCaller {
    private final Map<String, CallResult> documents = new ConcurrentHashMap<>();
    private final List<HttpCall> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<Runnable> held = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean holding;

    /** Metadata of {@code issuer} with more members, each beginning with a comma. */
    public static CallResult metadata(String issuer, String endpoint, String more) {
        return EndpointFixture.json(
                "{\"issuer\":\"" + issuer + "\",\"introspection_endpoint\":\"" + endpoint + "\"" + more + "}");
    }

    /** What is found at a path from now on. */
    public IssuerFixture publishes(String path, CallResult document) {
        documents.put(path, document);
        return this;
    }

    /** Every path is 404 again. */
    public IssuerFixture publishesNothing() {
        documents.clear();
        return this;
    }

    /** Keeps calls open until {@link #letGo}. */
    public IssuerFixture hold() {
        holding = true;
        return this;
    }

    /** Answers the calls that are open and all later ones. */
    public void letGo() {
        holding = false;
        List<Runnable> open = List.copyOf(held);
        held.clear();
        open.forEach(Runnable::run);
    }

    public List<HttpCall> calls() {
        return List.copyOf(calls);
    }

    public List<String> paths() {
        return calls().stream().map(HttpCall::requestTarget).toList();
    }

    @Override
    public CompletionStage<CallResult> call(HttpCall call) {
        calls.add(call);
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        Runnable answer = () -> result.complete(documents.getOrDefault(
                call.requestTarget(), EndpointFixture.answer(404, "", "content-type", "text/html")));
        if (holding) {
            held.add(answer);
        } else {
            answer.run();
        }
        return result;
    }
}
