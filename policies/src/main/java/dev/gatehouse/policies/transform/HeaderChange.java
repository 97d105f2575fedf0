package dev.gatehouse.policies.transform;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.Expression;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.policies.transform.WrittenChange.Addition;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Header fields to add and to remove. Immutable. */
final class HeaderChange {
    private record Field(AsciiString name, Expression value) {}

    private final Field[] added;
    private final AsciiString[] removed;

    HeaderChange(List<Addition> additions, List<String> removals) {
        added = additions.stream()
                .map(addition -> new Field(AsciiString.cached(addition.name()), addition.value()))
                .toArray(Field[]::new);
        removed = removals.stream().map(AsciiString::cached).toArray(AsciiString[]::new);
    }

    /** Changes a response. A value that is undefined or null removes the field. */
    void applyToResponse(Exchange exchange, HttpHeaders headers) {
        for (Field field : added) {
            set(headers, field.name(), field.value().valueIfKnown(exchange));
        }
        for (AsciiString name : removed) {
            headers.remove(name);
        }
    }

    /**
     * Changes the request. A client's fields go in every spelling that services take for the same name: any letter case,
     * and {@code _} or {@code .} for {@code -}.
     */
    void applyToRequest(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        for (Field field : added) {
            Object value = field.value().valueIfKnown(exchange);
            removeSpellings(headers, field.name());
            set(headers, field.name(), value);
        }
        for (AsciiString name : removed) {
            removeSpellings(headers, name);
        }
    }

    private static void set(HttpHeaders headers, AsciiString name, @Nullable Object value) {
        headers.remove(name);
        if (value instanceof List<?> items && HttpHeaderNames.SET_COOKIE.contentEqualsIgnoreCase(name)) {
            // The one field whose values cannot stand in one line (RFC 9110 section 5.3).
            items.forEach(item -> add(headers, name, item));
        } else {
            add(headers, name, value);
        }
    }

    private static void add(HttpHeaders headers, AsciiString name, @Nullable Object value) {
        String line = HeaderFields.line(value);
        if (line != null) {
            headers.add(name, line);
        }
    }

    private static void removeSpellings(HttpHeaders headers, AsciiString name) {
        List<CharSequence> found = null;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            CharSequence other = fields.next().getKey();
            if (isSpelling(name, other)) {
                found = found == null ? new ArrayList<>(2) : found;
                found.add(other);
            }
        }
        if (found != null) {
            found.forEach(headers::remove);
        }
    }

    private static boolean isSpelling(AsciiString name, CharSequence other) {
        if (name.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (folded(name.charAt(i)) != folded(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char folded(char c) {
        return c == '_' || c == '.' ? '-' : AsciiString.toLowerCase(c);
    }
}
