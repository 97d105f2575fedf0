package dev.gatehouse.server;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.RouteMatch;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.route.ParsedTarget;
import dev.gatehouse.route.RequestTarget;
import dev.gatehouse.route.Route;
import dev.gatehouse.route.Selection;
import dev.gatehouse.server.request.HopByHop;
import dev.gatehouse.server.request.ReceivedRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the apiEndpoint of one request and enters its pipeline; remembers what was matched. Event loop. */
final class Routing {
    private static final ApiEndpoint NO_ENDPOINT = new ApiEndpoint("", List.of(), Map.of());

    private final HttpExchange exchange;
    private final HttpRequest request;
    private final ReceivedRequest received;
    private @Nullable String host;
    private @Nullable RequestTarget target;
    private @Nullable Route<Pipeline> route;
    private @Nullable String servedMethods;

    Routing(HttpExchange exchange, HttpRequest request, ReceivedRequest received) {
        this.exchange = exchange;
        this.request = request;
        this.received = received;
    }

    /** The Host field once the target is known to be fine. */
    @Nullable
    String host() {
        return host;
    }

    /** The route that runs or ran last. */
    @Nullable
    Route<Pipeline> matched() {
        return route;
    }

    ApiEndpoint endpoint() {
        return route == null ? NO_ENDPOINT : route.endpoint();
    }

    RouteMatch describe() {
        return requireNonNull(route, "route")
                .describe(host, requireNonNull(target, "target").path());
    }

    String originalTarget() {
        return target == null ? received.target() : target.originForm();
    }

    /** The pipeline ended and no policy answered. */
    void ranOut() {
        if (servedMethods != null) {
            answerMethods(servedMethods);
        } else if (exchange.served().compat().fallThrough()) {
            exchange.startOver();
            select(requireNonNull(route, "route").order());
        } else {
            exchange.refuse(Refusal.NO_ANSWER);
        }
    }

    /** Reads the target and goes to the document there or to the first route. */
    void begin() {
        ParsedTarget parsed = RequestTarget.parse(received.target(), received.method());
        if (!(parsed instanceof RequestTarget good)) {
            exchange.refuse(Refusal.BAD_REQUEST);
            return;
        }
        host = request.headers().get(HttpHeaderNames.HOST);
        target = good;
        request.setUri(good.originForm());
        HopByHop.strip(request.headers());
        Reply document = exchange.served().documents().answer(host, good, request);
        if (document == null) {
            select(-1);
        } else {
            exchange.answer(document);
        }
    }

    /** Goes on with the first route behind {@code after}. */
    private void select(int after) {
        Selection<Pipeline> selection;
        try {
            selection =
                    exchange.served().routes().select(host, requireNonNull(target, "target"), received.method(), after);
        } catch (RuntimeException e) {
            // A pattern of the file that took too long on this path: not decided means refused.
            exchange.failed(e);
            return;
        }
        follow(selection);
    }

    private void follow(Selection<Pipeline> selection) {
        if (selection instanceof Route<Pipeline> next) {
            run(next);
        } else if (selection instanceof Selection.Allow<Pipeline> allow) {
            allow(allow.methods());
        } else if (selection instanceof Selection.Refused<Pipeline> refused) {
            exchange.refuse(refused.refusal());
        } else {
            exchange.refuse(Refusal.NO_ROUTE);
        }
    }

    /** OPTIONS where it is not served: a preflight still belongs to the pipeline of the method that it asks for. */
    private void allow(String methods) {
        Route<Pipeline> asked = askedByPreflight(methods);
        Pipeline pipeline = asked == null ? null : asked.pipeline();
        if (asked == null || pipeline == null) {
            answerMethods(methods);
            return;
        }
        route = asked;
        servedMethods = methods;
        exchange.enter(pipeline.preflights());
    }

    private @Nullable Route<Pipeline> askedByPreflight(String methods) {
        String method = request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        boolean isPreflight = method != null
                && request.headers().contains(HttpHeaderNames.ORIGIN)
                && List.of(methods.split(",", -1)).contains(method);
        return isPreflight
                        && exchange.served()
                                        .routes()
                                        .select(host, requireNonNull(target, "target"), HttpMethod.valueOf(method))
                                instanceof Route<Pipeline> asked
                ? asked
                : null;
    }

    private void answerMethods(String methods) {
        exchange.answer(Reply.of(null, 200, "text/html; charset=utf-8", methods.getBytes(StandardCharsets.US_ASCII))
                .withHeader(HttpHeaderNames.ALLOW, methods));
    }

    private void run(Route<Pipeline> next) {
        route = next;
        Pipeline pipeline = next.pipeline();
        if (pipeline == null) {
            exchange.refuse(Refusal.NO_PIPELINE);
            return;
        }
        exchange.enter(pipeline);
    }
}
