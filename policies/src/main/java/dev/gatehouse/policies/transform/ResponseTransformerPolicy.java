package dev.gatehouse.policies.transform;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ResponseHead;
import dev.gatehouse.policy.BodyLimit;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Adds and removes header fields and members of the body of a response.
 *
 * <pre>{@code
 * - response-transformer:
 *     - action:
 *         headers: { add: { x-served-by: "'gateway'" }, remove: [server] }
 *         body: { add: { status: res.statusCode }, remove: [internalId] }
 * }</pre>
 *
 * <p>Headers change in every response, also in the gateway's own. A body changes when a service sent it and it is a JSON
 * object: it is collected up to {@code maxBodySize} and changed once. Anything else passes untouched and is counted.
 */
public final class ResponseTransformerPolicy implements Policy {
    private static final int STANDARD_BODY = 1_048_576;

    /** What is changed. */
    public record Config(
            @Doc("What changes in the header fields.") @Nullable
            Change headers,

            @Doc("What changes in a JSON object.") @Nullable Change body,

            @Doc("Largest body that is changed, in bytes; a larger one passes untouched.") @Default("1048576")
            Located<Integer> maxBodySize) {
        public Config {
            BodyLimit.check("maxBodySize", maxBodySize);
        }
    }

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "response-transformer";
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
            int maxBytes = BodyLimit.of(config.maxBodySize(), STANDARD_BODY, path, context);
            BodyChange body = written.body(config.body());
            return new ResponseTransformerPolicy(
                    written.headers(config.headers()),
                    body == null ? null : new ResponseBodies(body, maxBytes, context));
        }
    }

    private final @Nullable HeaderChange headers;
    private final @Nullable ResponseBodies bodies;

    private ResponseTransformerPolicy(@Nullable HeaderChange headers, @Nullable ResponseBodies bodies) {
        this.headers = headers;
        this.bodies = bodies;
    }

    @Override
    public Verdict apply(Exchange exchange) {
        if (bodies != null) {
            askForTheWholeInPlainText(exchange.request().headers());
        }
        exchange.onResponse(head -> transform(exchange, head));
        return Verdict.next();
    }

    /** A part of the content cannot be changed: with a range, a client could read what is to be removed. */
    private static void askForTheWholeInPlainText(HttpHeaders request) {
        request.set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        request.remove(HttpHeaderNames.RANGE);
        request.remove(HttpHeaderNames.IF_RANGE);
    }

    private void transform(Exchange exchange, ResponseHead head) {
        if (bodies != null) {
            bodies.transform(exchange, head);
        }
        if (headers != null) {
            headers.applyToResponse(exchange, head.message().headers());
        }
    }
}
