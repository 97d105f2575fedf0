package dev.gatehouse.expression;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.expression.value.ObjectKeys;
import dev.gatehouse.expression.value.RequestFields;
import dev.gatehouse.expression.value.Undefined;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles member chains such as {@code req.headers['x-a']} and {@code consumer.token.scopes}.
 *
 * <p>A property that an object may have inherited is left to the engine: a text has {@code sub} and {@code link}, and
 * they are functions. On the first level of a claim or query tree only those of plain objects matter.
 */
final class Members {
    private static final Set<String> OF_OBJECTS = Set.of(
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "toSource",
            "valueOf",
            "__proto__",
            "__parent__",
            "__noSuchMethod__",
            "__defineGetter__",
            "__defineSetter__",
            "__lookupGetter__",
            "__lookupSetter__");

    private static final Set<String> OF_SCALARS_AND_LISTS = Set.of(
            "anchor",
            "at",
            "big",
            "blink",
            "bold",
            "charAt",
            "charCodeAt",
            "codePointAt",
            "concat",
            "copyWithin",
            "endsWith",
            "entries",
            "equals",
            "equalsIgnoreCase",
            "every",
            "fill",
            "filter",
            "find",
            "findIndex",
            "findLast",
            "findLastIndex",
            "fixed",
            "flat",
            "flatMap",
            "fontcolor",
            "fontsize",
            "forEach",
            "includes",
            "indexOf",
            "isWellFormed",
            "italics",
            "join",
            "keys",
            "lastIndexOf",
            "link",
            "localeCompare",
            "map",
            "match",
            "matchAll",
            "normalize",
            "padEnd",
            "padStart",
            "pop",
            "push",
            "reduce",
            "reduceRight",
            "repeat",
            "replace",
            "replaceAll",
            "reverse",
            "search",
            "shift",
            "slice",
            "small",
            "some",
            "sort",
            "splice",
            "split",
            "startsWith",
            "strike",
            "sub",
            "substr",
            "substring",
            "sup",
            "toExponential",
            "toFixed",
            "toLocaleLowerCase",
            "toLocaleUpperCase",
            "toLowerCase",
            "toPrecision",
            "toReversed",
            "toSorted",
            "toSpliced",
            "toUpperCase",
            "toWellFormed",
            "trim",
            "trimEnd",
            "trimLeft",
            "trimRight",
            "trimStart",
            "unshift",
            "values",
            "with");

    /** Properties of req that are functions, or objects that only the engine can show. */
    private static final Set<String> ENGINE_ONLY =
            Set.of("headers", "get", "header", "isAuthenticated", "isUnauthenticated", "egContext");

    private Members() {}

    /** The chain {@code root.key.key}, or null when the engine has to do it. */
    static @Nullable Direct compile(String root, List<String> keys) {
        return switch (root) {
            case "req" -> request(keys);
            case "res" ->
                keys.isEmpty() || !keys.get(0).equals("statusCode")
                        ? null
                        : chain(x -> x.draft().status(), keys, 1, false);
            case "consumer" -> identity(keys, 0);
            case "requestID" -> chain(Exchange::id, keys, 0, false);
            case "apiEndpoint" -> endpoint(keys);
            case "egContext" ->
                keys.isEmpty() || !isContextName(keys.get(0))
                        ? null
                        : compile(keys.get(0), keys.subList(1, keys.size()));
            default -> null;
        };
    }

    private static boolean isContextName(String key) {
        return Set.of("req", "consumer", "requestID", "apiEndpoint", "egContext")
                .contains(key);
    }

    private static @Nullable Direct request(List<String> keys) {
        if (keys.isEmpty() || OF_OBJECTS.contains(keys.get(0))) {
            return null;
        }
        String first = keys.get(0);
        if (first.equals("headers") && keys.size() > 1) {
            return OF_OBJECTS.contains(keys.get(1)) ? null : chain(header(keys.get(1)), keys, 2, false);
        }
        if (first.equals("user")) {
            return identity(keys, 1);
        }
        RequestFields.Field field = RequestFields.named(first);
        if (field != null) {
            boolean tree = Set.of("query", "params", "cookies", "route", "vhost", "connection", "socket", "client")
                    .contains(first);
            return chain(field::read, keys, 1, tree);
        }
        return ENGINE_ONLY.contains(first) ? null : chain(x -> Undefined.INSTANCE, keys, 1, false);
    }

    /** As Node has them: names in lower case, and no others. */
    private static Direct header(String name) {
        AsciiString key = AsciiString.cached(name);
        boolean lower =
                name.equals(name.toLowerCase(Locale.ROOT)) && name.chars().allMatch(c -> c < 0x80);
        return lower ? x -> HeaderFields.value(x.request().headers(), key) : x -> Undefined.INSTANCE;
    }

    private static @Nullable Direct identity(List<String> keys, int from) {
        if (keys.size() == from) {
            return RequestFields::user;
        }
        String first = keys.get(from);
        if (OF_OBJECTS.contains(first)) {
            return null;
        }
        ExpressionFailure anonymous = new ExpressionFailure(
                ExpressionFailure.Kind.NO_IDENTITY, "TypeError: '" + first + "' was read of undefined");
        Direct claim = x -> {
            Object user = RequestFields.user(x);
            if (user instanceof Map<?, ?> claims) {
                return claims.containsKey(first) ? claims.get(first) : Undefined.INSTANCE;
            }
            throw anonymous;
        };
        return chain(claim, keys, from + 1, false);
    }

    private static @Nullable Direct endpoint(List<String> keys) {
        if (keys.isEmpty()) {
            return RequestFields::endpoint;
        }
        String first = keys.get(0);
        return OF_OBJECTS.contains(first) ? null : chain(x -> RequestFields.endpoint(x, first), keys, 1, false);
    }

    /** Follows {@code keys} from {@code from} on. */
    private static @Nullable Direct chain(Direct start, List<String> keys, int from, boolean tree) {
        Direct result = start;
        boolean isTree = tree;
        for (String key : keys.subList(from, keys.size())) {
            if (OF_OBJECTS.contains(key) || (!isTree && OF_SCALARS_AND_LISTS.contains(key))) {
                return null;
            }
            result = member(result, key);
            isTree = false;
        }
        return result;
    }

    private static Direct member(Direct owner, String key) {
        ExpressionFailure undefined =
                new ExpressionFailure(ExpressionFailure.Kind.ERROR, "TypeError: '" + key + "' was read of undefined");
        int index = ObjectKeys.index(key);
        return x -> {
            Object value = owner.value(x);
            if (value == null || value == Undefined.INSTANCE) {
                throw undefined;
            }
            return read(value, key, index);
        };
    }

    private static @Nullable Object read(Object owner, String key, int index) {
        if (owner instanceof Map<?, ?> map) {
            return map.containsKey(key) ? map.get(key) : Undefined.INSTANCE;
        }
        if (owner instanceof List<?> list) {
            if (key.equals("length")) {
                return list.size();
            }
            return index >= 0 && index < list.size() ? list.get(index) : Undefined.INSTANCE;
        }
        if (owner instanceof String text) {
            if (key.equals("length")) {
                return text.length();
            }
            return index >= 0 && index < text.length() ? String.valueOf(text.charAt(index)) : Undefined.INSTANCE;
        }
        return Undefined.INSTANCE;
    }
}
