package dev.gatehouse.policies.transform;

import dev.gatehouse.body.FormText;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.expression.value.JsonText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A changed body as it goes on the wire, and the header fields that describe it. Pure. */
final class ChangedContent {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    /** What was true of the content before (RFC 9530 and its predecessors). */
    private static final String[] DIGESTS = {"content-md5", "digest", "content-digest", "repr-digest"};

    private ChangedContent() {}

    /** Always UTF-8. */
    static byte[] bytes(ParsedBody.Kind kind, Map<String, @Nullable Object> members) {
        String text = kind == ParsedBody.Kind.FORM ? FormText.of(members) : JsonText.document(members);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Makes {@code headers} describe such content. A media type such as application/problem+json stays. */
    static void describe(HttpHeaders headers, ParsedBody.Kind kind) {
        String before = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        CharSequence type = HttpUtil.getMimeType(before);
        if (kind == ParsedBody.Kind.FORM) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, FORM);
        } else if (type == null || !type.toString().strip().endsWith("+json")) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, JSON);
        } else if (HttpUtil.getCharsetAsSequence(before) != null) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, type);
        }
        headers.remove(HttpHeaderNames.CONTENT_ENCODING);
        for (String digest : DIGESTS) {
            headers.remove(digest);
        }
    }
}
