package dev.gatehouse.pipeline;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Request headers that tell the service who the client is. A client's copy is removed before any policy runs: in any
 * letter case, and also where {@code _} or {@code .} stands for {@code -}, because many services read such names as
 * equal. Every name that starts with {@code eg-} belongs here.
 */
public final class OwnedHeaders {
    /** Only the names that are owned everywhere. */
    public static final OwnedHeaders NONE = new OwnedHeaders(List.of());

    private static final String PREFIX = "eg-";

    // What was received was checked when it was received.
    private static final HttpHeadersFactory UNCHECKED =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    /** Folded, without those that the prefix covers. */
    private final String[] names;

    public OwnedHeaders(Collection<String> names) {
        this.names = names.stream()
                .map(OwnedHeaders::fold)
                .filter(name -> !name.startsWith(PREFIX))
                .distinct()
                .toArray(String[]::new);
    }

    /**
     * Removes every field that a client may not set.
     *
     * @return what was removed, under the names that the client wrote; empty for an ordinary request
     */
    public HttpHeaders strip(HttpHeaders headers) {
        HttpHeaders forged = EmptyHttpHeaders.INSTANCE;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (isOwned(field.getKey())) {
                forged = forged.isEmpty() ? UNCHECKED.newHeaders() : forged;
                forged.add(field.getKey(), field.getValue());
            }
        }
        if (!forged.isEmpty()) {
            forged.names().forEach(headers::remove);
        }
        return forged;
    }

    private boolean isOwned(CharSequence name) {
        if (name.length() >= PREFIX.length() && startsWithPrefix(name)) {
            return true;
        }
        // Every field of every request comes by: comparing in place, not a folded copy for a look-up in a set.
        for (String own : names) {
            if (own.length() == name.length() && isFolded(own, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFolded(String own, CharSequence name) {
        for (int i = 0; i < own.length(); i++) {
            if (own.charAt(i) != fold(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWithPrefix(CharSequence name) {
        return (name.charAt(0) | 0x20) == 'e' && (name.charAt(1) | 0x20) == 'g' && isDash(name.charAt(2));
    }

    private static boolean isDash(char c) {
        return c == '-' || c == '_' || c == '.';
    }

    private static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            folded.append(fold(name.charAt(i)));
        }
        return folded.toString();
    }

    private static char fold(char c) {
        return isDash(c) ? '-' : c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }
}
