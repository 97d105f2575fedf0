package dev.gatehouse.exchange;

import dev.gatehouse.pipeline.OwnedHeaders;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.pipeline.PipelineRun;
import dev.gatehouse.pipeline.Step;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.Policy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An exchange without a network: runs policies and shows what they decided.
 *
 * <p>Without a loop of its own ({@link #on}) tasks and deadlines run when the test calls {@link #runTasks}.
 */
public final class ExchangeFixture extends PipelineRun {
    private final HttpRequest request;
    private final String originalTarget;
    private final List<Step> steps = new ArrayList<>();
    private final List<ResponseHead.BodyEdit> edits = new ArrayList<>();
    private final AuthTrail auth = new AuthTrail();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private EventExecutor loop = channel.eventLoop();
    private ApiEndpoint endpoint = new ApiEndpoint("api", List.of(), Map.of());
    private RouteMatch match = new RouteMatch("*", Map.of(), List.of(), 0);
    private Peer peer = new Peer(loopback(40000), loopback(8080), false, null, false);
    private OwnedHeaders owned = OwnedHeaders.NONE;
    private String id = "0000000000000000000001";
    private @Nullable Identity identity;
    private @Nullable Object scriptScope;
    private byte[] body = new byte[0];
    private byte @Nullable [] replacedBody;
    private @Nullable BodyTransform requestTransform;
    private @Nullable Reply reply;
    private @Nullable ForwardPlan plan;
    private @Nullable Throwable failure;
    private boolean ranOut;

    private ExchangeFixture(HttpMethod method, String target) {
        request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target);
        request.headers().set("host", "api.example.com");
        originalTarget = target;
        channel.freezeTime();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("127.0.0.1"), port);
    }

    public static ExchangeFixture get(String target) {
        return new ExchangeFixture(HttpMethod.GET, target);
    }

    public static ExchangeFixture request(String method, String target) {
        return new ExchangeFixture(HttpMethod.valueOf(method), target);
    }

    public ExchangeFixture header(String name, String value) {
        request.headers().add(name, value);
        return this;
    }

    public ExchangeFixture host(@Nullable String host) {
        request.headers().remove("host");
        if (host != null) {
            request.headers().set("host", host);
        }
        return this;
    }

    public ExchangeFixture bearer(String token) {
        return header("authorization", "Bearer " + token);
    }

    public ExchangeFixture scopes(String... scopes) {
        endpoint = new ApiEndpoint(endpoint.name(), List.of(scopes), endpoint.settings());
        return this;
    }

    public ExchangeFixture endpoint(ApiEndpoint other) {
        endpoint = other;
        return this;
    }

    public ExchangeFixture match(RouteMatch other) {
        match = other;
        return this;
    }

    public ExchangeFixture peer(Peer other) {
        peer = other;
        return this;
    }

    public ExchangeFixture body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    public ExchangeFixture body(byte[] bytes) {
        body = bytes.clone();
        return this;
    }

    /** Names that a client may not set, as the snapshot collects them from the policies. */
    public ExchangeFixture owned(String... names) {
        owned = new OwnedHeaders(List.of(names));
        return this;
    }

    /** Uses a real loop. */
    public ExchangeFixture on(EventExecutor other) {
        loop = other;
        return this;
    }

    /** Adds a step to be run. */
    public ExchangeFixture then(@Nullable Condition condition, Policy policy) {
        steps.add(new Step("test@" + (steps.size() + 1), condition, policy));
        return this;
    }

    /** Adds a step whose condition reads the body. */
    public ExchangeFixture then(Condition condition, Policy policy, int bodyBytes) {
        steps.add(new Step("test@" + (steps.size() + 1), condition, policy, bodyBytes));
        return this;
    }

    /** Runs the added steps and then {@code policies}, as one pipeline. */
    public ExchangeFixture run(Policy... policies) {
        for (Policy policy : policies) {
            then(null, policy);
        }
        run(new Pipeline("pipeline", steps, owned));
        return this;
    }

    /** Runs tasks that were handed to the fixture's loop. */
    public ExchangeFixture runTasks() {
        channel.runPendingTasks();
        return this;
    }

    /** Moves the fixture's clock on and runs the deadlines that have passed. */
    public ExchangeFixture passes(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        return this;
    }

    /** The client leaves. */
    public ExchangeFixture leave() {
        return completes(499);
    }

    /** The response with this status is sent. */
    public ExchangeFixture completes(int status) {
        complete(status);
        return this;
    }

    /** Runs the response hooks over a response of the service. */
    public HttpResponse respond(int status, String... headers) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        for (int i = 0; i < headers.length; i += 2) {
            response.headers().add(headers[i], headers[i + 1]);
        }
        runResponseHooks(new Head(response, true));
        return response;
    }

    /** Runs the response hooks over a reply of the gateway and shows its headers. */
    public HttpResponse respondWithReply() {
        Reply answer = Objects.requireNonNull(reply, "no reply");
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        response.headers().add(answer.headers());
        runResponseHooks(new Head(response, false));
        return response;
    }

    public @Nullable Reply reply() {
        return reply;
    }

    public @Nullable ForwardPlan forwarded() {
        return plan;
    }

    public @Nullable Throwable failure() {
        return failure;
    }

    public boolean hasRunOut() {
        return ranOut;
    }

    /** What the hooks want to do with the body of the response, in order. */
    public List<ResponseHead.BodyEdit> edits() {
        return edits;
    }

    public byte @Nullable [] replacedBody() {
        return replacedBody;
    }

    public @Nullable BodyTransform requestTransform() {
        return requestTransform;
    }

    @Override
    protected void answer(Reply reply) {
        this.reply = reply;
    }

    @Override
    protected void forwardTo(ForwardPlan plan) {
        this.plan = plan;
    }

    @Override
    protected void ranOut() {
        ranOut = true;
    }

    @Override
    protected void failed(Throwable cause) {
        failure = cause;
    }

    @Override
    protected EventExecutor loop() {
        return loop;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void id(String id) {
        this.id = id;
    }

    @Override
    public ApiEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public RouteMatch match() {
        return match;
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public String originalTarget() {
        return originalTarget;
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
    public void identify(@Nullable Identity identity) {
        this.identity = identity;
    }

    @Override
    public AuthTrail auth() {
        return auth;
    }

    @Override
    public void transformRequestBody(BodyTransform transform) {
        requestTransform = transform;
    }

    @Override
    public CompletionStage<ByteBuf> requestBody(int maxBytes) {
        if (body.length > maxBytes) {
            answer(Reply.refuse(Refusal.BODY_TOO_LARGE));
            return new CompletableFuture<>();
        }
        return CompletableFuture.completedFuture(Unpooled.wrappedBuffer(body));
    }

    @Override
    public void replaceRequestBody(ByteBuf replacement) {
        replacedBody = new byte[replacement.readableBytes()];
        replacement.readBytes(replacedBody);
        replacement.release();
    }

    @Override
    public boolean hasRequestBody() {
        return body.length > 0 || replacedBody != null;
    }

    @Override
    public @Nullable Object scriptScope() {
        return scriptScope;
    }

    @Override
    public void scriptScope(@Nullable Object scope) {
        scriptScope = scope;
    }

    private final class Head implements ResponseHead {
        private final HttpResponse message;
        private final boolean fromUpstream;

        Head(HttpResponse message, boolean fromUpstream) {
            this.message = message;
            this.fromUpstream = fromUpstream;
        }

        @Override
        public HttpResponse message() {
            return message;
        }

        @Override
        public boolean fromUpstream() {
            return fromUpstream;
        }

        @Override
        public void transformBody(BodyTransform transform) {
            throw new UnsupportedOperationException("no body in this fixture");
        }

        @Override
        public void editBody(BodyEdit edit) {
            edits.add(edit);
        }

        @Override
        public void replaceWith(Reply other) {
            reply = other;
        }
    }
}
