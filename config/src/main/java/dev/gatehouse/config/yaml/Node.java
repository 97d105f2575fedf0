package dev.gatehouse.config.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value of a configuration file together with the place where it is written. Immutable. */
public sealed interface Node {
    Span span();

    /** The value without positions: Map, List, String, Boolean, Long, Double, {@link JsRegExp} or null. */
    @Nullable
    Object plain();

    /**
     * A scalar.
     *
     * @param value String, Boolean, Long, Double, {@link JsRegExp} or null, by the rules of the js-yaml 3 dialect
     * @param text the text after substitution, without quotes
     * @param substituted whether a variable took part in the text
     */
    record Scalar(Span span, @Nullable Object value, String text, boolean substituted) implements Node {
        @Override
        public @Nullable Object plain() {
            return value;
        }

        /** The value as JavaScript turns it into text: {@code 0x1F} is {@code 31}, nothing is the empty text. */
        public String asText() {
            if (value instanceof Double number) {
                return JsNumber.text(number);
            }
            return value == null ? "" : value.toString();
        }

        /** The place only: the value may be a secret. */
        @Override
        public String toString() {
            return "scalar at " + span.line() + ":" + span.column();
        }
    }

    /** A list. */
    record Sequence(Span span, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public Object plain() {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(item.plain()));
            return Collections.unmodifiableList(list);
        }
    }

    /** A mapping in document order; keys are unique. */
    record Mapping(Span span, List<Entry> entries) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        /** The value of {@code key}, or null when the key is absent. */
        public @Nullable Node get(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry.value();
                }
            }
            return null;
        }

        @Override
        public Object plain() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (Entry entry : entries) {
                map.put(entry.key(), entry.value().plain());
            }
            return Collections.unmodifiableMap(map);
        }
    }

    /** One key of a mapping and its value. */
    record Entry(String key, Span keySpan, Node value) {
        public Entry {
            Objects.requireNonNull(key, "key");
        }
    }
}
