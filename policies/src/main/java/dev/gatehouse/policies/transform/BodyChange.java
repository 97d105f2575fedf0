package dev.gatehouse.policies.transform;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.expression.value.Undefined;
import dev.gatehouse.policies.transform.WrittenChange.Addition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of an object to add and to remove. Immutable. */
final class BodyChange {
    private final Addition[] added;
    private final String[] removed;

    BodyChange(List<Addition> additions, List<String> removals) {
        added = additions.toArray(new Addition[0]);
        removed = removals.toArray(new String[0]);
    }

    /** The members after the change of a request; each expression reads what those before it added. */
    Map<String, @Nullable Object> applyToRequest(Exchange exchange, ParsedBody.Kind kind, Map<?, ?> before) {
        Map<String, @Nullable Object> members = copy(before);
        for (Addition addition : added) {
            put(members, addition.name(), addition.value().valueIfKnown(exchange));
            exchange.parsedBody(new ParsedBody(kind, Collections.unmodifiableMap(members)));
        }
        remove(members);
        return members;
    }

    /** What is added to a response: evaluated before its body is there. */
    Map<String, @Nullable Object> values(Exchange exchange) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Addition addition : added) {
            values.put(addition.name(), addition.value().valueIfKnown(exchange));
        }
        return values;
    }

    /** The members after the change of a response. */
    Map<String, @Nullable Object> apply(Map<String, @Nullable Object> values, Map<?, ?> before) {
        Map<String, @Nullable Object> members = copy(before);
        values.forEach((name, value) -> put(members, name, value));
        remove(members);
        return members;
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> tree) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        tree.forEach((name, value) -> members.put(String.valueOf(name), value));
        return members;
    }

    /** An undefined member is none: JSON has no word for it. */
    private static void put(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value == Undefined.INSTANCE) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
    }

    private void remove(Map<String, @Nullable Object> members) {
        for (String name : removed) {
            members.remove(name);
        }
    }
}
