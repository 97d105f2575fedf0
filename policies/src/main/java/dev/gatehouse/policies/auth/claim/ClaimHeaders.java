package dev.gatehouse.policies.auth.claim;

import io.micrometer.core.instrument.Counter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Tells the service who the client is: {@code eg-consumer-id} and the configured claim headers. Whatever the request
 * carried under these names is replaced or removed. Immutable; safe on any thread.
 */
public final class ClaimHeaders {
    /** Set for consumers of Express Gateway; no client may send it. */
    public static final AsciiString CONSUMER_ID = AsciiString.cached("eg-consumer-id");

    private static final int MAX_TOTAL_BYTES = 8192;
    private static final JsonFactory JSON = JsonFactory.builder().build();

    private record Rule(AsciiString header, ClaimPath path, String separator) {}

    private final List<String> consumerIdClaims;
    private final List<Rule> rules = new ArrayList<>();
    private final @Nullable AsciiString answerHeader;
    private final Counter dropped;

    /**
     * @param consumerIdClaims the first one present becomes {@code eg-consumer-id}
     * @param claimHeaders header name to dotted path of a claim
     * @param answerHeader gets all claims as base64url of their JSON; null = none
     * @param spaced claims whose lists are joined by a space, others by a comma
     * @param dropped counts values that cannot be sent
     */
    public ClaimHeaders(
            List<String> consumerIdClaims,
            Map<String, String> claimHeaders,
            @Nullable String answerHeader,
            List<String> spaced,
            Counter dropped) {
        this.dropped = dropped;
        this.answerHeader = answerHeader == null ? null : AsciiString.cached(answerHeader.toLowerCase(Locale.ROOT));
        this.consumerIdClaims = List.copyOf(consumerIdClaims);
        claimHeaders.forEach((header, claim) -> {
            ClaimPath path = ClaimPath.of(claim);
            boolean scope = spaced.contains(path.last());
            rules.add(new Rule(AsciiString.cached(header.toLowerCase(Locale.ROOT)), path, scope ? " " : ","));
        });
    }

    /** The names of all headers that {@link #set} may set. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(CONSUMER_ID.toString()));
        rules.forEach(rule -> names.add(rule.header().toString()));
        if (answerHeader != null) {
            names.add(answerHeader.toString());
        }
        return names;
    }

    /** Removes what could be taken for an identity. */
    public void remove(HttpHeaders headers) {
        headers.remove(CONSUMER_ID);
        for (int i = 0; i < rules.size(); i++) {
            headers.remove(rules.get(i).header());
        }
        if (answerHeader != null) {
            headers.remove(answerHeader);
        }
    }

    /** Sets every header whose claim the answer has. */
    public void set(HttpHeaders headers, Map<String, @Nullable Object> claims) {
        remove(headers);
        String id = consumerId(claims);
        int total = id == null ? 0 : put(headers, CONSUMER_ID, id, 0);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            Object value = rule.path().find(claims);
            if (value != null) {
                total = put(headers, rule.header(), text(value, rule.separator()), total);
            }
        }
        if (answerHeader != null) {
            put(headers, answerHeader, base64(json(claims)), total);
        }
    }

    /** Express Gateway sends what JavaScript takes for true; an object would be sent as nonsense and is left out. */
    private @Nullable String consumerId(Map<String, @Nullable Object> claims) {
        for (int i = 0; i < consumerIdClaims.size(); i++) {
            Object value = claims.get(consumerIdClaims.get(i));
            if (value != null) {
                boolean sent = value instanceof String text
                        ? !text.isEmpty()
                        : value instanceof Number number && number.doubleValue() != 0;
                return sent ? text(value, ",") : null;
            }
        }
        return null;
    }

    private int put(HttpHeaders headers, AsciiString name, String value, int total) {
        String encoded = encode(value);
        if (encoded == null || total + name.length() + encoded.length() > MAX_TOTAL_BYTES) {
            dropped.increment();
            return total;
        }
        headers.set(name, encoded);
        return total + name.length() + encoded.length();
    }

    private static String text(Object value, String separator) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof List<?> items) {
            List<String> texts = new ArrayList<>(items.size());
            items.forEach(item -> texts.add(item instanceof String text ? text : json(item)));
            return String.join(separator, texts);
        }
        return json(value);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(generator, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            generator.writeStartObject();
            members.forEach((name, member) -> {
                generator.writeName(String.valueOf(name));
                write(generator, member);
            });
            generator.writeEndObject();
        } else if (value instanceof List<?> items) {
            generator.writeStartArray();
            items.forEach(item -> write(generator, item));
            generator.writeEndArray();
        } else if (value instanceof String text) {
            generator.writeString(text);
        } else {
            generator.writeRawValue(number(value));
        }
    }

    /** JavaScript's spelling, as {@code headers} would give it: no {@code .0} behind a whole number. */
    private static String number(@Nullable Object value) {
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 0x1p53
                ? Long.toString(number.longValue())
                : String.valueOf(value);
    }

    /** The value as a field value: UTF-8 bytes beyond ASCII percent-encoded; null when it holds control characters. */
    private static @Nullable String encode(String value) {
        boolean ascii = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                return null;
            }
            ascii &= c < 0x7f;
        }
        if (ascii) {
            return value;
        }
        StringBuilder encoded = new StringBuilder(value.length() * 3);
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)));
                encoded.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return encoded.toString();
    }
}
