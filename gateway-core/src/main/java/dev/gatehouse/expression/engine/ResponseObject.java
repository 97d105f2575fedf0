package dev.gatehouse.expression.engine;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.ResponseDraft;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.expression.value.ScriptState;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * {@code res}: the {@link ResponseDraft} of the exchange. What a script sends is kept there; the pipeline ends with it
 * when the step is over. Its functions are in {@link ResponseFunctions}.
 */
final class ResponseObject extends LiveObject {
    private static final int MOST_FIELDS = 100;
    private static final int LONGEST_VALUE = 16_384;
    private static final List<String> NAMES = List.of("statusCode", "headersSent");
    private static final long serialVersionUID = 1L;

    private final transient Exchange exchange;

    ResponseObject(Scriptable scope, Scriptable prototype, Exchange exchange) {
        super(scope, prototype);
        this.exchange = exchange;
        NativeObject locals = new NativeObject();
        locals.setParentScope(scope);
        locals.setPrototype(ScriptableObject.getObjectPrototype(scope));
        super.put("locals", this, locals);
    }

    Exchange exchange() {
        return exchange;
    }

    int status() {
        return exchange.draft().status();
    }

    void status(@Nullable Object value) {
        double number = ScriptRuntime.toNumber(value);
        int code = (int) number;
        // Node takes fractions, and so did files that compute a status.
        if (!(Math.abs(number - code) < 1)) {
            throw ScriptRuntime.rangeError("a status is a number from 200 to 599");
        }
        try {
            exchange.draft().status(code);
        } catch (IllegalArgumentException refused) {
            throw ScriptRuntime.rangeError(String.valueOf(refused.getMessage()));
        }
    }

    /** The value of a field as Node shows it: a text, a list for {@code set-cookie}, or undefined. */
    Object field(String name) {
        Object value = HeaderFields.value(headers(), AsciiString.of(name).toLowerCase());
        Object shown =
                value == dev.gatehouse.expression.value.Undefined.INSTANCE ? null : Trees.copy(getParentScope(), value);
        return shown == null ? Undefined.instance : shown;
    }

    /** Sets a field; undefined and null remove it, so that nobody reads the word "undefined" as a value. */
    void field(String name, @Nullable Object value) {
        checkWritable(name);
        List<String> lines = new ArrayList<>();
        if (value instanceof NativeArray array) {
            for (Object item : array.toArray()) {
                lines.add(line(item));
            }
        } else if (value != null && !Undefined.isUndefined(value)) {
            lines.add(line(value));
        }
        HttpHeaders headers = headers();
        if (!exchange.draft().isOpen() && headers.size() + lines.size() > MOST_FIELDS) {
            throw ScriptRuntime.rangeError("a script sets at most " + MOST_FIELDS + " header fields");
        }
        headers.set(name, lines);
    }

    void removeField(String name) {
        checkWritable(name);
        headers().remove(name);
    }

    private void checkWritable(String name) {
        if (isSent()) {
            throw alreadySent();
        }
        if (!HeaderFields.isName(name) || HeaderFields.isEngineOwned(name)) {
            throw ScriptRuntime.typeError("this header cannot be set by a script");
        }
    }

    /** Whether a script answered; while the hooks run the head can still be changed, as in Node. */
    private boolean isSent() {
        ResponseDraft draft = exchange.draft();
        return draft.answer() != null && !draft.isOpen();
    }

    private static String line(@Nullable Object value) {
        String text = HeaderFields.wire(Texts.of(value));
        if (text.length() > LONGEST_VALUE) {
            throw ScriptRuntime.rangeError("a header value is longer than " + LONGEST_VALUE);
        }
        return text;
    }

    private HttpHeaders headers() {
        return exchange.draft().headers();
    }

    /**
     * Answers the request with the status and the fields that were set.
     *
     * @param defaultType media type where none was set; empty = none
     */
    void send(String body, String defaultType) {
        ResponseDraft draft = exchange.draft();
        if (draft.isOpen() || draft.answer() != null) {
            throw alreadySent();
        }
        String type = draft.headers().get(HttpHeaderNames.CONTENT_TYPE);
        int status = draft.status();
        draft.answer(Reply.of(
                status >= 400 ? Refusal.TERMINATED : null,
                status,
                type == null ? defaultType : type,
                body.getBytes(StandardCharsets.UTF_8)));
    }

    private static RuntimeException alreadySent() {
        return ScriptRuntime.typeError("a response was sent already");
    }

    @Override
    @Nullable
    Object live(String name) {
        return switch (name) {
            case "statusCode" -> status();
            case "headersSent" -> isSent();
            default -> NOT_FOUND;
        };
    }

    @Override
    Collection<String> liveNames() {
        return NAMES;
    }

    @Override
    public void put(String name, Scriptable start, @Nullable Object value) {
        switch (name) {
            case "statusCode" -> status(value);
            case "headersSent" -> throw ScriptRuntime.typeError("'headersSent' cannot be replaced");
            default -> {
                ScriptState.of(exchange).touch();
                super.put(name, start, value);
            }
        }
    }
}
