package dev.gatehouse.cli.compat;

import java.util.List;
import java.util.Locale;

/** One header field as it was on the wire. */
record HttpField(String name, String value) {
    static List<String> values(List<HttpField> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(HttpField::value)
                .toList();
    }

    static boolean anyContains(List<HttpField> fields, String name, String part) {
        return values(fields, name).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(part));
    }
}
