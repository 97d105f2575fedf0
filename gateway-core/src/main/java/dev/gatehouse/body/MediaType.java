package dev.gatehouse.body;

import dev.gatehouse.exchange.ParsedBody;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the field {@code Content-Type} says about a body. Pure. */
public final class MediaType {
    private MediaType() {}

    /** How the body is to be read. Two fields that differ name no type: nobody knows which one the recipient reads. */
    public static ParsedBody.Kind kind(HttpHeaders headers) {
        List<String> fields = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
        if (fields.size() != 1) {
            return ParsedBody.Kind.NONE;
        }
        CharSequence written = HttpUtil.getMimeType(fields.get(0));
        String type = written == null ? "" : written.toString().strip().toLowerCase(Locale.ROOT);
        if (type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"))) {
            return ParsedBody.Kind.JSON;
        }
        return type.equals("application/x-www-form-urlencoded") ? ParsedBody.Kind.FORM : ParsedBody.Kind.NONE;
    }

    /** The character set, UTF-8 when none is named; null for one that is not a Unicode encoding. */
    static @Nullable Charset charset(HttpHeaders headers) {
        CharSequence named = HttpUtil.getCharsetAsSequence(headers.get(HttpHeaderNames.CONTENT_TYPE, ""));
        if (named == null) {
            return StandardCharsets.UTF_8;
        }
        String name = named.toString().replace("\"", "").strip().toLowerCase(Locale.ROOT);
        try {
            return name.startsWith("utf-") || name.equals("utf8") ? Charset.forName(name) : null;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return null;
        }
    }
}
