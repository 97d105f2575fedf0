package dev.gatehouse.policies.auth.claim;

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
 * Reads claims strictly: UTF-8, one JSON object, no duplicate member at any depth, nothing behind it. What two readers
 * could understand differently is refused. Stateless; safe on any thread.
 */
public final class ClaimTree {
    /** Longest spelling of a number. */
    public static final int MAX_NUMBER_LENGTH = 100;

    private static final int MAX_DEPTH = 32;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private ClaimTree() {}

    /**
     * The members as an immutable tree of String, Boolean, Number, List, Map and null. Does not keep {@code json}, whose
     * size the caller bounds. Null when it is not exactly one JSON object; nothing tells why, because a reason would
     * carry a part of it.
     */
    public static @Nullable Map<String, @Nullable Object> read(byte[] json) {
        try {
            return object(json);
        } catch (JacksonException | CharacterCodingException | Unreadable e) {
            return null;
        }
    }

    /**
     * The text of a member that is an object, exactly as it is written in {@code json}, which {@link #read} has accepted;
     * null when there is no such member.
     */
    public static byte @Nullable [] member(byte[] json, String name) {
        String text = new String(json, StandardCharsets.UTF_8);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            while (next(parser) == JsonToken.PROPERTY_NAME) {
                boolean wanted = name.equals(parser.currentName());
                JsonToken value = next(parser);
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (wanted) {
                    int end = (int) parser.currentTokenLocation().getCharOffset() + 1;
                    return value == JsonToken.START_OBJECT
                            ? text.substring(start, end).getBytes(StandardCharsets.UTF_8)
                            : null;
                }
            }
            return null;
        } catch (JacksonException | Unreadable e) {
            return null;
        }
    }

    private static Map<String, @Nullable Object> object(byte[] json) throws CharacterCodingException {
        // A fresh decoder reports what is not UTF-8; the parser alone would guess other encodings from the first bytes.
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        try (JsonParser parser = JSON.createParser(
                ObjectReadContext.empty(), text.array(), text.arrayOffset() + text.position(), text.remaining())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Unreadable();
            }
            Map<String, @Nullable Object> members = object(parser);
            if (parser.nextToken() != null) {
                throw new Unreadable();
            }
            return members;
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
            default -> throw new Unreadable();
        };
    }

    private static Number integer(JsonParser parser) {
        BigInteger value = parser.getBigIntegerValue();
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private static JsonToken next(JsonParser parser) {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new Unreadable();
        }
        return token;
    }

    private static final class Unreadable extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }
    }
}
