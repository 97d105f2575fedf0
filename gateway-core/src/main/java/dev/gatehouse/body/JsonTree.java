package dev.gatehouse.body;

import io.netty.handler.codec.http.HttpHeaders;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
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
 * Reads JSON into immutable trees. Pure.
 *
 * <p>A name written twice is refused: readers differ in which value counts, so a check of one says nothing about the
 * other. Whole numbers are exact, others are doubles as in JavaScript; an exact decimal would let {@code 1e999999999}
 * fill the heap.
 */
public final class JsonTree {
    private static final int DEEPEST = 60;
    private static final int LONGEST_NUMBER = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonTree() {}

    /** The object or list that is {@code content}, in the character set that {@code headers} name; null otherwise. */
    public static @Nullable Object parse(byte[] content, HttpHeaders headers) {
        Charset charset = MediaType.charset(headers);
        CharBuffer text = charset == null ? null : Text.decode(content, charset);
        return text == null ? null : parse(text);
    }

    /** The object or list that is the whole of {@code text}; null when it is anything else. */
    static @Nullable Object parse(CharBuffer text) {
        try (JsonParser parser = JSON.createParser(
                ObjectReadContext.empty(), text.array(), text.arrayOffset() + text.position(), text.remaining())) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT && first != JsonToken.START_ARRAY) {
                return null;
            }
            Object tree = first == JsonToken.START_OBJECT ? object(parser) : list(parser);
            return parser.nextToken() == null ? tree : null;
        } catch (JacksonException | Unreadable malformed) {
            return null;
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws Unreadable {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (next(parser) != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(parser, next(parser)));
        }
        return Collections.unmodifiableMap(members);
    }

    private static List<@Nullable Object> list(JsonParser parser) throws Unreadable {
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
            items.add(value(parser, token));
        }
        return Collections.unmodifiableList(items);
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws Unreadable {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
            default -> throw new Unreadable();
        };
    }

    private static Number whole(JsonParser parser) {
        BigInteger value = parser.getBigIntegerValue();
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private static double finite(double value) throws Unreadable {
        if (Double.isInfinite(value)) {
            throw new Unreadable();
        }
        return value;
    }

    private static JsonToken next(JsonParser parser) throws Unreadable {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new Unreadable();
        }
        return token;
    }

    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }
    }
}
