package dev.gatehouse.policies.schema;

import dev.gatehouse.expression.value.Coercion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Converts values to the types of a schema, by the rules of the validator of Express Gateway (ajv 6, {@code
 * coerceTypes}). Immutable; safe on any thread.
 *
 * <p>Follows properties, additionalProperties, items, allOf, local references and, of anyOf and oneOf, the first
 * alternative that converts something. Rejected: the loose types of the validator library, which also take a value for
 * a list of one and have rules of their own.
 */
final class TextCoercion {
    private static final int DEEPEST = 64;

    private final @Nullable Object root;

    /** @param root the schema as a plain tree */
    TextCoercion(@Nullable Object root) {
        this.root = root;
    }

    /** {@code tree} with values converted; what cannot be converted stays. */
    Object of(Object tree) {
        return Objects.requireNonNull(coerced(root, tree, 0), "tree");
    }

    private @Nullable Object coerced(@Nullable Object schema, @Nullable Object value, int depth) {
        if (!(schema instanceof Map<?, ?> rules) || depth > DEEPEST) {
            return value;
        }
        if (rules.get("$ref") instanceof String reference) {
            return coerced(target(reference), value, depth + 1);
        }
        Object result = members(rules, typed(rules.get("type"), value), depth);
        if (rules.get("allOf") instanceof List<?> all) {
            for (Object each : all) {
                result = coerced(each, result, depth + 1);
            }
        }
        return alternative(rules.get("oneOf"), alternative(rules.get("anyOf"), result, depth), depth);
    }

    private @Nullable Object alternative(@Nullable Object schemas, @Nullable Object value, int depth) {
        if (schemas instanceof List<?> alternatives) {
            for (Object each : alternatives) {
                Object result = coerced(each, value, depth + 1);
                if (!Objects.equals(result, value)) {
                    return result;
                }
            }
        }
        return value;
    }

    private @Nullable Object members(Map<?, ?> rules, @Nullable Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            Map<?, ?> known = rules.get("properties") instanceof Map<?, ?> properties ? properties : Map.of();
            map.forEach((name, member) -> {
                Object schema = known.containsKey(name) ? known.get(name) : rules.get("additionalProperties");
                members.put(String.valueOf(name), coerced(schema, member, depth + 1));
            });
            return members;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                items.add(coerced(item(rules, i), list.get(i), depth + 1));
            }
            return items;
        }
        return value;
    }

    private static @Nullable Object item(Map<?, ?> rules, int index) {
        if (rules.get("items") instanceof List<?> each) {
            return index < each.size() ? each.get(index) : rules.get("additionalItems");
        }
        return rules.get("items");
    }

    private @Nullable Object target(String reference) {
        if (!reference.startsWith("#")) {
            return null;
        }
        Object found = root;
        for (String part : reference.substring(1).split("/", -1)) {
            if (!part.isEmpty()) {
                String key = part.replace("~1", "/").replace("~0", "~");
                found = found instanceof Map<?, ?> map ? map.get(key) : null;
            }
        }
        return found;
    }

    private static @Nullable Object typed(@Nullable Object type, @Nullable Object value) {
        List<?> types = type instanceof List<?> several ? several : type == null ? List.of() : List.of(type);
        for (Object each : types) {
            if (is(value, each)) {
                return value;
            }
        }
        for (Object each : types) {
            Object converted = converted(value, String.valueOf(each));
            if (!Objects.equals(converted, value)) {
                return converted;
            }
        }
        return value;
    }

    private static boolean is(@Nullable Object value, @Nullable Object type) {
        return switch (String.valueOf(type)) {
            case "string" -> value instanceof String;
            case "number" -> value instanceof Number;
            case "integer" -> value instanceof Number number && isWhole(number.doubleValue());
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            case "array" -> value instanceof List;
            case "object" -> value instanceof Map;
            default -> false;
        };
    }

    private static @Nullable Object converted(@Nullable Object value, String type) {
        if (value instanceof Map || value instanceof List) {
            return value;
        }
        return switch (type) {
            case "string" -> value == null ? "" : Coercion.text(value);
            case "number" -> number(value, false);
            case "integer" -> number(value, true);
            case "boolean" -> truth(value);
            case "null" -> "".equals(value) || isNumber(value, 0) || Boolean.FALSE.equals(value) ? null : value;
            default -> value;
        };
    }

    private static @Nullable Object number(@Nullable Object value, boolean whole) {
        if (value instanceof Number || "".equals(value)) {
            return value;
        }
        double number = Coercion.number(value);
        if (!Double.isFinite(number) || (whole && !isWhole(number))) {
            return value;
        }
        return isWhole(number) && Math.abs(number) < 0x1p53 ? (Object) (long) number : number;
    }

    private static @Nullable Object truth(@Nullable Object value) {
        if ("true".equals(value) || isNumber(value, 1)) {
            return true;
        }
        return "false".equals(value) || value == null || isNumber(value, 0) ? (Object) false : value;
    }

    private static boolean isNumber(@Nullable Object value, int wanted) {
        return value instanceof Number number && number.doubleValue() == wanted;
    }

    private static boolean isWhole(double number) {
        return number == Math.rint(number);
    }
}
