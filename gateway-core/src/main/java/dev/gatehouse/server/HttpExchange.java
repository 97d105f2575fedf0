package dev.gatehouse.server;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.BodyTransform;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.ResponseHead;
import dev.gatehouse.exchange.RouteMatch;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.pipeline.OwnedHeaders;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.pipeline.PipelineRun;
import dev.gatehouse.route.Route;
import dev.gatehouse.server.request.BodyOwner;
import dev.gatehouse.server.request.ReceivedRequest;
import dev.gatehouse.server.request.RequestBody;
import dev.gatehouse.server.request.RequestIds;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of a client connection: checked, routed, run through its pipeline, answered.
 *
 * <p>The order is fixed by what must not be forged: framing is read first, then hop-by-hop fields go, then every field
 * that only the gateway may set, and only then policies see the request.
 */
final class HttpExchange extends PipelineRun implements BodyOwner {
    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

    private final HttpConnection connection;
    private final Served served;
    private final HttpRequest request;
    private final ReceivedRequest received;
    private final RequestBody body;
    private final ResponseRelay response;
    private final AuthTrail auth = new AuthTrail();
    private final Routing routing;
    private String id = RequestIds.next();
    private @Nullable Identity identity;
    private @Nullable Object scriptScope;
    private boolean expectsContinue;
    private boolean over;

    HttpExchange(HttpConnection connection, Served served, HttpRequest request) {
        this.connection = connection;
        this.served = served;
        this.request = request;
        this.received = ReceivedRequest.of(request, now(), served.limits().maxHeaderCount());
        this.routing = new Routing(this, request, received);
        this.body = new RequestBody(this, received.framing(), served.limits().maxBodyBytes());
        this.response = new ResponseRelay(this, connection);
        served.traffic().start();
    }

    /** For an answer to a request that never arrived completely. */
    static HttpExchange withoutRequest(HttpConnection connection, Served served) {
        return new HttpExchange(connection, served, new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    }

    /** Checks and routes the request and runs its pipeline. Whatever is thrown ends in a refusal. */
    void start() {
        ReferenceCountUtil.release(request);
        try {
            decide();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void decide() {
        Refusal refusal = received.framing().refusal();
        if (refusal != null) {
            connection.closeAfterResponse();
            refuse(refusal);
            return;
        }
        if (!request.protocolVersion().isKeepAliveDefault()
                || request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            connection.closeAfterResponse();
        }
        if (!expectationIsKnown()) {
            connection.closeAfterResponse();
            refuse(Refusal.EXPECTATION_FAILED);
        } else if (body.exceedsLimit()) {
            refuse(Refusal.BODY_TOO_LARGE);
        } else {
            routing.begin();
        }
    }

    RequestBody body() {
        return body;
    }

    ResponseRelay response() {
        return response;
    }

    Served served() {
        return served;
    }

    long now() {
        return connection.loop().ticker().getAsLong();
    }

    ReceivedRequest received() {
        return received;
    }

    @Nullable
    String host() {
        return routing.host();
    }

    @Nullable
    Route<Pipeline> matchedRoute() {
        return routing.matched();
    }

    /** The fields by which the gateway tells the service who the client is. */
    OwnedHeaders ownedHeaders() {
        Route<Pipeline> route = routing.matched();
        Pipeline pipeline = route == null ? null : route.pipeline();
        return pipeline == null ? OwnedHeaders.NONE : pipeline.owned();
    }

    boolean isOver() {
        return over;
    }

    @Override
    public boolean expectsContinue() {
        return expectsContinue;
    }

    void runHooks(ResponseHead head) {
        runResponseHooks(head);
    }

    void refuse(Refusal refusal) {
        answer(Reply.refuse(refusal));
    }

    @Override
    public void refuseBody(Refusal refusal) {
        body.drop();
        response.fail(refusal);
    }

    @Override
    public void refuseTransformed(RuntimeException failure) {
        LOG.error("a body transform of request {} failed", id, failure);
        refuseBody(Refusal.POLICY_FAILED);
    }

    @Override
    public void wantBody() {
        if (expectsContinue) {
            expectsContinue = false;
            connection.output().goOn();
        }
        connection.advance();
    }

    /** The client's connection is gone. */
    void clientLeft() {
        response.cancel();
        end(ResponseRelay.CLIENT_LEFT);
    }

    /** Ends the exchange: hooks, counters, log; what was kept of the body is freed. Only the first call counts. */
    void end(int status) {
        if (over) {
            return;
        }
        over = true;
        try {
            complete(status);
        } catch (RuntimeException e) {
            LOG.error("a completion hook of request {} failed", id, e);
        }
        body.close();
        response.abortTransforms();
        served.traffic().finish();
        response.log(status);
    }

    @Override
    protected void answer(Reply reply) {
        if (!over) {
            response.reply(reply);
        }
    }

    @Override
    protected void forwardTo(ForwardPlan plan) {
        if (body.isHalfCollected()) {
            failed(new IllegalStateException("a policy asked for the body and did not wait for it"));
        } else if (!over) {
            response.relay(plan);
        }
    }

    @Override
    protected void ranOut() {
        routing.ranOut();
    }

    /** Runs a pipeline from its first step. */
    void enter(Pipeline next) {
        run(next);
    }

    /** Another apiEndpoint sees the request as if it were the first. */
    void startOver() {
        scriptScope = null;
        id = RequestIds.next();
    }

    @Override
    protected void failed(Throwable cause) {
        if (cause instanceof ExpressionFailure failure) {
            // The operator's script, not a bug of ours: its message is enough.
            LOG.warn("request {} failed in {}: {}", id, auth.decidedBy(), failure.getMessage());
            Reply reply = Reply.refuse(Refusal.POLICY_FAILED).withStatus(failure.status());
            failure.headers().forEach(reply.headers()::set);
            response.fail(reply);
        } else {
            LOG.error("request {} failed in {}", id, auth.decidedBy(), cause);
            response.fail(Refusal.POLICY_FAILED);
        }
    }

    @Override
    protected EventExecutor loop() {
        return connection.eventLoop();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void id(String other) {
        id = requireNonNull(other, "other");
    }

    @Override
    public ApiEndpoint endpoint() {
        return routing.endpoint();
    }

    @Override
    public RouteMatch match() {
        return routing.describe();
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public String originalTarget() {
        return routing.originalTarget();
    }

    @Override
    public Peer peer() {
        return connection.peer();
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
        body.transform(transform);
    }

    @Override
    public CompletionStage<ByteBuf> requestBody(int maxBytes) {
        return body.collect(maxBytes);
    }

    @Override
    public void replaceRequestBody(ByteBuf replacement) {
        body.replace(replacement);
    }

    @Override
    public boolean hasRequestBody() {
        return body.isPresent();
    }

    @Override
    public @Nullable Object scriptScope() {
        return scriptScope;
    }

    @Override
    public void scriptScope(@Nullable Object scope) {
        scriptScope = scope;
    }

    private boolean expectationIsKnown() {
        String expectation = request.headers().get(HttpHeaderNames.EXPECT);
        if (expectation == null) {
            return true;
        }
        expectsContinue = HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)
                && request.protocolVersion().isKeepAliveDefault()
                && !body.isComplete();
        return HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation);
    }
}
