package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.exchange.Identity;
import dev.gatehouse.policies.introspect.server.TokenFacts.Confirmation;
import java.io.Serial;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the body of an introspection answer (RFC 7662 section 2.2) strictly: UTF-8, one JSON object, no duplicate
 * member at any depth, nothing behind it. What two readers could understand differently is no answer at all.
 * Stateless; safe on any thread. Messages and exceptions never carry a part of the body.
 */
final class IntrospectionDecoder {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;

    /** Whole numbers above are no longer exact in JSON readers; as a date they mean "never". */
    private static final double EXACT = 0x1p53;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** What an answer says. */
    sealed interface Decoded {
        /** {@code active} is the literal true. */
        record Active(Map<String, @Nullable Object> claims, TokenFacts facts) implements Decoded {}

        /**
         * {@code active} is anything else.
         *
         * @param odd whether it is neither true nor false, which a correct server never sends
         */
        record Inactive(boolean odd) implements Decoded {}

        /** Not an answer. */
        record Unusable() implements Decoded {}
    }

    /** Decodes a body; does not keep it. */
    Decoded decode(byte[] body) {
        try {
            Map<String, @Nullable Object> claims = claims(body);
            Object active = claims.get("active");
            if (!Boolean.TRUE.equals(active)) {
                return new Decoded.Inactive(!Boolean.FALSE.equals(active));
            }
            return new Decoded.Active(claims, facts(claims));
        } catch (JacksonException | CharacterCodingException | UnusableAnswer e) {
            return new Decoded.Unusable();
        }
    }

    /** Member {@code error} of an error answer (RFC 6749 section 5.2), or null. */
    @Nullable
    String error(byte[] body) {
        try {
            return claims(body).get("error") instanceof String error ? error : null;
        } catch (JacksonException | CharacterCodingException | UnusableAnswer e) {
            return null;
        }
    }

    /** The members as an identity; see {@link Identity#claims()}. */
    static Identity identity(Decoded.Active active) {
        return new Identity(active.claims());
    }

    private static Map<String, @Nullable Object> claims(byte[] body) throws CharacterCodingException {
        // A fresh decoder reports what is not UTF-8; the parser alone would guess other encodings from the first bytes.
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        try (JsonParser parser = JSON.createParser(
                ObjectReadContext.empty(), text.array(), text.arrayOffset() + text.position(), text.remaining())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnusableAnswer();
            }
            Map<String, @Nullable Object> claims = object(parser);
            if (parser.nextToken() != null) {
                throw new UnusableAnswer();
            }
            return claims;
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (next(parser) != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(parser, next(parser)));
        }
        return Collections.unmodifiableMap(members);
    }

    private static List<@Nullable Object> array(JsonParser parser) {
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
            items.add(value(parser, token));
        }
        return Collections.unmodifiableList(items);
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> integer(parser);
            // A double, as in every JavaScript reader; an exact decimal would let "1e999999999" fill the heap.
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw new UnusableAnswer();
        };
    }

    private static Number integer(JsonParser parser) {
        BigInteger value = parser.getBigIntegerValue();
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private static JsonToken next(JsonParser parser) {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new UnusableAnswer();
        }
        return token;
    }

    private static TokenFacts facts(Map<String, @Nullable Object> claims) {
        return new TokenFacts(
                date(claims.get("exp"), TokenFacts.NO_END),
                date(claims.get("nbf"), TokenFacts.NO_START),
                date(claims.get("iat"), TokenFacts.NO_START),
                claims.get("iss") instanceof String issuer ? issuer : null,
                audience(claims.get("aud")),
                claims.get("token_type") instanceof String type ? type : null,
                claims.get("token_use") != null && !"access_token".equals(claims.get("token_use")),
                confirmation(claims.get("cnf")),
                TokenFacts.scopes(claims, TokenFacts.SCOPE_CLAIMS));
    }

    /** A NumericDate of RFC 7519 section 2 in milliseconds; some servers send the digits as text. */
    private static long date(@Nullable Object value, long absent) {
        if (value == null) {
            return absent;
        }
        double seconds;
        if (value instanceof Number number) {
            seconds = number.doubleValue();
        } else if (value instanceof String text && isDigits(text)) {
            seconds = Double.parseDouble(text);
        } else {
            throw new UnusableAnswer();
        }
        if (seconds > EXACT) {
            return TokenFacts.NO_END - 1;
        }
        return (long) Math.floor(seconds * 1000);
    }

    private static boolean isDigits(String text) {
        if (text.isEmpty() || text.length() > MAX_NUMBER_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static List<String> audience(@Nullable Object value) {
        if (value instanceof String text) {
            return List.of(text);
        }
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        List<String> audience = new ArrayList<>(list.size());
        for (Object item : list) {
            if (item instanceof String text) {
                audience.add(text);
            }
        }
        return List.copyOf(audience);
    }

    private static @Nullable Confirmation confirmation(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> members)) {
            return new Confirmation(null, false, false);
        }
        Object hash = members.get("x5t#S256");
        // A hash of a wrong type matches no certificate, so it must stay a binding.
        String certificateHash = hash == null ? null : hash instanceof String text ? text : "";
        boolean proofKey = members.get("jkt") != null;
        return new Confirmation(certificateHash, proofKey, certificateHash != null || proofKey);
    }

    private static final class UnusableAnswer extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        UnusableAnswer() {
            super(null, null, false, false);
        }
    }
}
