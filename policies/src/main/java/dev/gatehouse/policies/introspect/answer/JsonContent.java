package dev.gatehouse.policies.introspect.answer;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** Whether the content of an answer is JSON, as its header says (RFC 8259, RFC 6839 section 3.1). Stateless. */
public final class JsonContent {
    private JsonContent() {}

    /** False also when the header is missing or stands there twice: nothing is guessed. Borrows {@code headers}. */
    public static boolean isIn(HttpHeaders headers) {
        List<String> types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
        if (types.size() != 1) {
            return false;
        }
        String type = types.get(0);
        int parameters = type.indexOf(';');
        String media =
                (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json")
                || (media.startsWith("application/") && media.endsWith("+json") && media.indexOf(' ') < 0);
    }
}
