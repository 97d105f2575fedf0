package dev.gatehouse.expression.value;

import dev.gatehouse.exchange.Exchange;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expressions keep for one exchange. Confined to the event loop of the exchange. */
public final class ScriptState {
    private @Nullable Map<String, @Nullable Object> query;
    private @Nullable Object scope;
    private boolean touched;

    private ScriptState() {}

    /** The state of {@code exchange}, made on first use. */
    public static ScriptState of(Exchange exchange) {
        if (exchange.scriptScope() instanceof ScriptState state) {
            return state;
        }
        ScriptState state = new ScriptState();
        exchange.scriptScope(state);
        return state;
    }

    /**
     * Whether a script of this exchange holds or changed values that only the engine knows. The fast path must not
     * answer then.
     */
    public static boolean touched(Exchange exchange) {
        return exchange.scriptScope() instanceof ScriptState state && state.touched;
    }

    /** See {@link #touched(Exchange)}. */
    public void touch() {
        touched = true;
    }

    /** The engine's global object for this exchange; null = no script ran yet. */
    public @Nullable Object scope() {
        return scope;
    }

    public void scope(Object globals) {
        this.scope = globals;
    }

    /** The parsed query of the target as the client sent it: Express parses once, before anything can rewrite. */
    Map<String, @Nullable Object> query(String target) {
        Map<String, @Nullable Object> known = query;
        if (known == null) {
            known = QueryTree.parse(target.substring(target.indexOf('?') + 1));
            query = known;
        }
        return known;
    }
}
