package dev.gatehouse.bench;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.BodyTransform;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.RouteMatch;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.pipeline.PipelineRun;
import dev.gatehouse.route.RequestTarget;
import dev.gatehouse.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The smallest exchange: a request without a body that nobody sends an answer to. One thread. */
final class PipelineExchange extends PipelineRun {
    private final HttpRequest request;
    private final Peer peer;
    private final AuthTrail auth = new AuthTrail();
    private Route<Pipeline> route;
    private RequestTarget target;
    private String id = "0123456789abcdefghijkl";
    private @Nullable Identity identity;
    private @Nullable Object scriptScope;
    private @Nullable ForwardPlan plan;

    PipelineExchange(HttpRequest request, Peer peer, Route<Pipeline> route, RequestTarget target) {
        this.request = request;
        this.peer = peer;
        this.route = route;
        this.target = target;
    }

    /** For the next request: as if it were new. */
    PipelineExchange next(Route<Pipeline> otherRoute, RequestTarget otherTarget) {
        route = otherRoute;
        target = otherTarget;
        identity = null;
        scriptScope = null;
        plan = null;
        return this;
    }

    /** Runs the pipeline to its end. What a policy refuses fails the benchmark. */
    PipelineExchange pass(Pipeline pipeline) {
        run(pipeline);
        return this;
    }

    /** Where the request was sent; null = the pipeline ended before. */
    @Nullable
    ForwardPlan plan() {
        return plan;
    }

    @Override
    protected void answer(Reply reply) {
        throw new IllegalStateException("refused: " + auth.reason());
    }

    @Override
    protected void forwardTo(ForwardPlan forward) {
        plan = forward;
    }

    @Override
    protected void ranOut() {
        // A pipeline without a proxy ends here.
    }

    @Override
    protected void failed(Throwable cause) {
        throw new IllegalStateException(cause);
    }

    @Override
    protected EventExecutor loop() {
        return ImmediateEventExecutor.INSTANCE;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void id(String other) {
        id = other;
    }

    @Override
    public ApiEndpoint endpoint() {
        return route.endpoint();
    }

    @Override
    public RouteMatch match() {
        return route.describe(null, target.path());
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public String originalTarget() {
        return target.originForm();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public @Nullable Identity identity() {
        return identity;
    }

    @Override
    public void identify(@Nullable Identity who) {
        identity = who;
    }

    @Override
    public AuthTrail auth() {
        return auth;
    }

    @Override
    public void transformRequestBody(BodyTransform transform) {
        throw new UnsupportedOperationException("no body");
    }

    @Override
    public CompletionStage<ByteBuf> requestBody(int maxBytes) {
        throw new UnsupportedOperationException("no body");
    }

    @Override
    public void replaceRequestBody(ByteBuf body) {
        throw new UnsupportedOperationException("no body");
    }

    @Override
    public boolean hasRequestBody() {
        return false;
    }

    @Override
    public @Nullable Object scriptScope() {
        return scriptScope;
    }

    @Override
    public void scriptScope(@Nullable Object scope) {
        scriptScope = scope;
    }
}
