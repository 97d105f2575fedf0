package dev.gatehouse.expression.engine;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.expression.value.RequestFields;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * The global object of one exchange, {@code egContext}: what scripts find by name, and the variables they leave for
 * later steps. Confined to the event loop of the exchange.
 */
final class Globals extends ScriptableObject {
    /** The names that Express Gateway offers beside the built-ins of JavaScript. */
    static final Set<String> NAMES = Set.of(
            "req",
            "res",
            "apiEndpoint",
            "consumer",
            "requestID",
            "requestStream",
            "egContext",
            "globalThis",
            "run",
            "match",
            "evaluateAsTemplateString");

    private static final int LONGEST_ID = 200;
    private static final long serialVersionUID = 1L;

    private final transient Exchange exchange;
    private final RequestObject request;
    private final ResponseObject response;
    private @Nullable TreeObject endpoint;

    Globals(ScriptableObject shared, Scriptable requestPrototype, Scriptable responsePrototype, Exchange exchange) {
        setPrototype(shared);
        this.exchange = exchange;
        this.request = new RequestObject(this, requestPrototype, exchange);
        this.response = new ResponseObject(this, responsePrototype, exchange);
    }

    Exchange exchange() {
        return exchange;
    }

    @Override
    public String getClassName() {
        return "global";
    }

    @Override
    public @Nullable Object get(String name, Scriptable start) {
        return switch (name) {
            case "req" -> request;
            case "res" -> response;
            case "consumer" -> request.user();
            case "apiEndpoint" -> endpoint();
            case "requestID" -> exchange.id();
            case "requestStream" -> Undefined.instance;
            case "egContext", "globalThis" -> this;
            default -> super.get(name, start);
        };
    }

    private TreeObject endpoint() {
        TreeObject known = endpoint;
        if (known == null) {
            known = new TreeObject(this, RequestFields.endpoint(exchange));
            endpoint = known;
        }
        return known;
    }

    @Override
    public boolean has(String name, Scriptable start) {
        return NAMES.contains(name) || super.has(name, start);
    }

    @Override
    public void put(String name, Scriptable start, @Nullable Object value) {
        if (name.equals("requestID")) {
            exchange.id(requestId(Texts.of(value)));
        } else if (NAMES.contains(name)) {
            throw ScriptRuntime.typeError("'" + name + "' cannot be replaced");
        } else {
            super.put(name, start, value);
        }
    }

    /** The id is sent as a header and written to logs. */
    private static String requestId(String id) {
        boolean printable = id.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (id.isEmpty() || id.length() > LONGEST_ID || !printable) {
            throw ScriptRuntime.typeError("the value assigned to 'requestID' is no usable id");
        }
        return HeaderFields.wire(id);
    }
}
