package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.CallResult.Answer;
import dev.gatehouse.client.CallResult.Failed;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An introspection endpoint with a memory: knows tokens by their text, says inactive to all others, records what it
 * was asked. Held calls are answered when the test says so.
 */
public final class EndpointFixture implements HttpCaller {
    private final Map<String, Supplier<CallResult>> answers = new ConcurrentHashMap<>();
    private final List<HttpCall> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<Held> held = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, CallResult> hosts = new ConcurrentHashMap<>();
    private final Map<String, CallResult> documents = new ConcurrentHashMap<>();
    private volatile @Nullable Supplier<CallResult> always;
    private volatile boolean holding;

    private record Held(HttpCall call, CompletableFuture<CallResult> result) {}

    public static CallResult json(String body) {
        return answer(200, body, "content-type", "application/json");
    }

    public static CallResult answer(int status, String body, String... headers) {
        HttpHeaders fields = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(headers[i], headers[i + 1]);
        }
        return new Answer(status, fields, body.getBytes(StandardCharsets.UTF_8), false);
    }

    public static CallResult failed(CallResult.Cause cause) {
        return new Failed(cause, true);
    }

    /** What the endpoint says about a token from now on. */
    public EndpointFixture token(String token, String json) {
        answers.put(token, () -> json(json));
        return this;
    }

    /** One result after the other; the last one stays. */
    public EndpointFixture token(String token, CallResult... results) {
        List<CallResult> left = Collections.synchronizedList(new ArrayList<>(List.of(results)));
        answers.put(token, () -> left.size() > 1 ? left.remove(0) : left.get(0));
        return this;
    }

    /** The same result for every token. */
    public EndpointFixture always(CallResult result) {
        always = () -> result;
        return this;
    }

    /** The same result for every token asked for at {@code host}, whatever is said elsewhere. */
    public EndpointFixture host(String host, CallResult result) {
        hosts.put(host, result);
        return this;
    }

    /** The host answers like all others again. */
    public EndpointFixture hostRecovers(String host) {
        hosts.remove(host);
        return this;
    }

    /** What GET finds at a path; what was not published is 404. */
    public EndpointFixture publishes(String path, CallResult document) {
        documents.put(path, document);
        return this;
    }

    /** The call itself throws. */
    public EndpointFixture breaks() {
        always = () -> {
            throw new IllegalStateException("broken caller");
        };
        return this;
    }

    /** Back to knowing tokens. */
    public EndpointFixture recovers() {
        always = null;
        return this;
    }

    /** Keeps calls open until {@link #release}. */
    public EndpointFixture hold() {
        holding = true;
        return this;
    }

    /** Answers the calls that are open now, with what the endpoint says now. */
    public EndpointFixture release() {
        List<Held> open;
        synchronized (held) {
            open = new ArrayList<>(held);
            held.clear();
        }
        open.forEach(call -> call.result().complete(result(call.call())));
        return this;
    }

    /** Answers the calls that are open and all later ones. */
    public EndpointFixture letGo() {
        holding = false;
        return release();
    }

    public int open() {
        return held.size();
    }

    public int count() {
        return calls.size();
    }

    /** How many tokens were shown to {@code host}. */
    public int count(String host) {
        return asked(host).size();
    }

    /** The tokens that were shown to {@code host}. */
    public List<String> asked(String host) {
        synchronized (calls) {
            return calls.stream()
                    .filter(call -> call.target().host().equals(host) && call.body().length > 0)
                    .map(EndpointFixture::token)
                    .toList();
        }
    }

    public HttpCall call(int index) {
        return calls.get(index);
    }

    public String body(int index) {
        return new String(call(index).body(), StandardCharsets.US_ASCII);
    }

    /** The decoded form parameter {@code name} of a call. */
    public List<String> parameter(int index, String name) {
        return new QueryStringDecoder(body(index), false).parameters().getOrDefault(name, List.of());
    }

    @Override
    public CompletionStage<CallResult> call(HttpCall call) {
        calls.add(call);
        if (holding) {
            Held open = new Held(call, new CompletableFuture<>());
            held.add(open);
            return open.result();
        }
        return CompletableFuture.completedFuture(result(call));
    }

    private static String token(HttpCall call) {
        String form = new String(call.body(), StandardCharsets.US_ASCII);
        return new QueryStringDecoder(form, false)
                .parameters()
                .getOrDefault("token", List.of(""))
                .get(0);
    }

    private CallResult result(HttpCall call) {
        if (call.method().equals(HttpMethod.GET)) {
            return documents.getOrDefault(call.requestTarget(), answer(404, ""));
        }
        CallResult ofHost = hosts.get(call.target().host());
        if (ofHost != null) {
            return ofHost;
        }
        Supplier<CallResult> fixed = always;
        if (fixed != null) {
            return fixed.get();
        }
        return answers.getOrDefault(token(call), () -> json("{\"active\":false}"))
                .get();
    }
}
