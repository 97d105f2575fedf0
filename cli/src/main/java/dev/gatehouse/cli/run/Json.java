package dev.gatehouse.cli.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.ByteArrayBuilder;

/** Writes plain trees of Map, List, String, Number, Boolean and null as JSON in ASCII. */
public final class Json {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Json() {}

    /** The bytes of {@code tree}, without a line end. Other types are written as their text. */
    public static byte[] bytes(@Nullable Object tree) {
        ByteArrayBuilder out = new ByteArrayBuilder();
        append(tree, out);
        return out.toByteArray();
    }

    /** Appends {@code tree} to {@code out}. */
    public static void append(@Nullable Object tree, ByteArrayBuilder out) {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json, tree);
        }
    }

    private static void write(JsonGenerator json, @Nullable Object tree) {
        if (tree == null) {
            json.writeNull();
        } else if (tree instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((key, value) -> {
                json.writeName(String.valueOf(key));
                write(json, value);
            });
            json.writeEndObject();
        } else if (tree instanceof List<?> list) {
            json.writeStartArray();
            list.forEach(item -> write(json, item));
            json.writeEndArray();
        } else if (tree instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (tree instanceof Integer || tree instanceof Long) {
            json.writeNumber(((Number) tree).longValue());
        } else if (tree instanceof Double number && !number.isInfinite() && !number.isNaN()) {
            json.writeNumber(number);
        } else {
            json.writeString(tree.toString());
        }
    }
}
