package dev.gatehouse.policies.transform;

import dev.gatehouse.body.BodyReader;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.policy.BodyLimit;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds and removes header fields and members of the body of a request.
 *
 * <pre>{@code
 * - request-transformer:
 *     - action:
 *         headers: { add: { x-user: consumer.sub }, remove: [cookie] }
 *         body: { add: { tenant: "req.headers['x-tenant']" }, remove: [debug] }
 * }</pre>
 *
 * <p>A JSON object is changed and written anew, a form likewise; a body of another type and a JSON list pass untouched.
 * POST, PUT and PATCH without a body get a JSON object. Without {@code body} nothing is collected: the body streams.
 */
public final class RequestTransformerPolicy implements Policy {
    private static final int STANDARD_BODY = 102_400;
    private static final Set<HttpMethod> GET_A_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    /** What is changed. */
    public record Config(
            @Doc("What changes in the header fields.") @Nullable
            Change headers,

            @Doc("What changes in a JSON object or a form.") @Nullable
            Change body,

            @Doc("Largest body that is changed, in bytes; a larger one is answered with 413.") @Default("102400")
            Located<Integer> maxBodySize) {
        public Config {
            BodyLimit.check("maxBodySize", maxBodySize);
        }
    }

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "request-transformer";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            WrittenChange written = new WrittenChange(context);
            written.check(config.headers(), config.body());
            String path = context.step().path() + ".action.maxBodySize";
            return new RequestTransformerPolicy(
                    written.headers(config.headers()),
                    written.body(config.body()),
                    BodyLimit.of(config.maxBodySize(), STANDARD_BODY, path, context));
        }
    }

    private final @Nullable HeaderChange headers;
    private final @Nullable BodyChange body;
    private final int maxBodyBytes;

    private RequestTransformerPolicy(@Nullable HeaderChange headers, @Nullable BodyChange body, int maxBodyBytes) {
        this.headers = headers;
        this.body = body;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public Verdict apply(Exchange exchange) {
        if (headers != null) {
            headers.applyToRequest(exchange);
        }
        BodyChange change = body;
        return change == null
                ? Verdict.next()
                : BodyReader.read(exchange, maxBodyBytes, () -> {
                    change(exchange, change);
                    return Verdict.next();
                });
    }

    private static void change(Exchange exchange, BodyChange change) {
        ParsedBody before = exchange.parsedBody();
        if (before == null || !(before.tree() instanceof Map<?, ?> members) || !isChanged(exchange, before)) {
            return;
        }
        // Express Gateway turns what has no members into JSON, whatever type it was declared to be.
        ParsedBody.Kind kind = members.isEmpty() ? ParsedBody.Kind.JSON : before.kind();
        Map<String, @Nullable Object> after = change.applyToRequest(exchange, kind, members);
        byte[] content = ChangedContent.bytes(kind, after);
        exchange.replaceRequestBody(Unpooled.wrappedBuffer(content));
        ChangedContent.describe(exchange.request().headers(), kind);
        exchange.request().headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        exchange.parsedBody(new ParsedBody(kind, Collections.unmodifiableMap(after)));
    }

    private static boolean isChanged(Exchange exchange, ParsedBody before) {
        return before.kind() != ParsedBody.Kind.NONE
                || (!exchange.hasRequestBody()
                        && GET_A_BODY.contains(exchange.request().method()));
    }
}
