package dev.gatehouse.policies.transform;

import dev.gatehouse.body.JsonTree;
import dev.gatehouse.body.MediaType;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.exchange.ResponseHead;
import dev.gatehouse.policy.PolicyContext;
import io.micrometer.core.instrument.Counter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changes the JSON objects of responses, and counts the bodies that pass as they are. Safe on any thread. */
final class ResponseBodies {
    /** Why a body passes. */
    private enum Passed {
        NOT_JSON,
        ENCODED,
        PARTIAL,
        TOO_LARGE,
        MALFORMED
    }

    private final BodyChange change;
    private final int maxBytes;
    private final Map<Passed, Counter> passed = new EnumMap<>(Passed.class);

    ResponseBodies(BodyChange change, int maxBytes, PolicyContext context) {
        this.change = change;
        this.maxBytes = maxBytes;
        for (Passed reason : Passed.values()) {
            passed.put(
                    reason,
                    context.meters()
                            .counter(
                                    "gateway.response.transform.passed",
                                    "pipeline",
                                    context.pipeline(),
                                    "reason",
                                    reason.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Has the body of {@code head} changed when that is possible. */
    void transform(Exchange exchange, ResponseHead head) {
        if (!head.fromUpstream()) {
            return;
        }
        Passed reason = reasonToPass(head);
        if (reason != null) {
            count(reason);
        } else {
            head.editBody(new Edit(head.message().headers(), change.values(exchange)));
        }
    }

    private @Nullable Passed reasonToPass(ResponseHead head) {
        HttpHeaders headers = head.message().headers();
        if (MediaType.kind(headers) != ParsedBody.Kind.JSON) {
            return Passed.NOT_JSON;
        }
        if (head.message().status().equals(HttpResponseStatus.PARTIAL_CONTENT)) {
            return Passed.PARTIAL;
        }
        String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        if (coding != null && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding)) {
            return Passed.ENCODED;
        }
        return HttpUtil.getContentLength(head.message(), 0L) > maxBytes ? Passed.TOO_LARGE : null;
    }

    private void count(Passed reason) {
        Objects.requireNonNull(passed.get(reason), reason.name()).increment();
    }

    private final class Edit implements ResponseHead.BodyEdit {
        private final HttpHeaders headers;
        private final Map<String, @Nullable Object> values;

        Edit(HttpHeaders headers, Map<String, @Nullable Object> values) {
            this.headers = headers;
            this.values = values;
        }

        @Override
        public int maxBytes() {
            return maxBytes;
        }

        @Override
        public byte @Nullable [] edit(byte[] content) {
            Object tree = JsonTree.parse(content, headers);
            if (tree == null) {
                count(Passed.MALFORMED);
            }
            if (!(tree instanceof Map<?, ?> members)) {
                return null;
            }
            ChangedContent.describe(headers, ParsedBody.Kind.JSON);
            return ChangedContent.bytes(ParsedBody.Kind.JSON, change.apply(values, members));
        }

        @Override
        public void pass() {
            count(Passed.TOO_LARGE);
        }
    }
}
