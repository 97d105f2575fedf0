package dev.gatehouse.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One request and its response. Confined to the event loop of its client connection. */
public interface Exchange {
    /** Request id: {@code eg-request-id} towards the service, {@code X-Request-Id} towards the client. */
    String id();

    /** Replaces the request id. */
    void id(String id);

    /** The apiEndpoint that matched. */
    ApiEndpoint endpoint();

    /** Name of the pipeline that runs. */
    String pipeline();

    /** What the match captured; computed at each call. */
    RouteMatch match();

    /**
     * Head of the request that goes upstream: method, headers and target may be edited. Hop-by-hop fields and client
     * copies of gateway-owned fields are already gone. The target is in origin form and normalised.
     */
    HttpRequest request();

    /**
     * What the client itself sent in a request header that a policy declared as the gateway's own
     * ({@code PolicyContext.ownRequestHeader}); it never goes upstream. Only the {@link #peer} tells whether it can be
     * believed. Empty when there was none.
     *
     * @param name in any letter case; other spellings with {@code _} or {@code .} do not count
     */
    List<String> withheld(String name);

    /** The target as it was matched; never changes. */
    String originalTarget();

    /** The client's end of the connection. */
    Peer peer();

    /** Who sent the request; null = nobody authenticated it. */
    @Nullable
    Identity identity();

    /** Sets who sent the request; null = nobody. */
    void identify(@Nullable Identity identity);

    /** What the access log tells about authentication. */
    AuthTrail auth();

    /** What scripts see and say of the response; live while the response hooks run. */
    ResponseDraft draft();

    /** Runs before the head is sent; last registered first. */
    void onResponse(ResponseHook hook);

    /** Runs once, whatever happened. */
    void onComplete(CompletionHook hook);

    /** Rewrites the request body on its way; the length becomes unknown. */
    void transformRequestBody(BodyTransform transform);

    /**
     * The whole body, for the few who need it; use with {@code Verdict.await}. The body still goes upstream unless
     * {@link #replaceRequestBody} is called. Gives the buffer. More than {@code maxBytes}: the exchange ends with 413.
     */
    CompletionStage<ByteBuf> requestBody(int maxBytes);

    /** Sends {@code body} upstream instead of what the client sent. Takes {@code body}. */
    void replaceRequestBody(ByteBuf body);

    /** Whether the request has a body: one that the client sent, empty or not, or one that replaced it. */
    boolean hasRequestBody();

    /** The body as a tree; null = nobody needed it so far. */
    @Nullable
    ParsedBody parsedBody();

    /** Sets what later steps read as the body; what goes upstream is a matter of {@link #replaceRequestBody}. */
    void parsedBody(@Nullable ParsedBody parsed);

    /** State of the expression language for this exchange; opaque to everything else. */
    @Nullable
    Object scriptScope();

    void scriptScope(@Nullable Object scope);
}
