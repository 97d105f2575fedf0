package dev.gatehouse.expression.value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Query strings with nesting, as Express reads them: {@code b[c]=2} is an object, {@code d=1&d=2} a list.
 *
 * <p>The rules are those of the parser {@code qs} with the settings of Express 4: at most 1000 parameters, five levels
 * of brackets (the rest of a deeper key is one name), list indexes up to 20, a name written twice becomes a list.
 * Rejected: {@code java.net.URI} and Netty's decoder know no nesting.
 */
public final class QueryTree {
    private static final int MOST_PARAMETERS = 1000;
    private static final QueryTree QUERY = new QueryTree(5, 20);
    // The body parser of Express has limits of its own.
    private static final QueryTree FORM = new QueryTree(32, 100);
    private static final Pattern BRACKET = Pattern.compile("\\[([^\\[\\]]*)]");
    private static final Object HOLE = new Object();

    private final int deepest;
    private final int largestIndex;

    private QueryTree(int deepest, int largestIndex) {
        this.deepest = deepest;
        this.largestIndex = largestIndex;
    }

    /** The tree of {@code query}, which has no question mark. A broken percent-encoding stays as it is. */
    static Map<String, @Nullable Object> parse(String query) {
        return QUERY.tree(query);
    }

    /** The tree of an urlencoded body: as a query, with 32 levels and list indexes up to 100. */
    public static Map<String, @Nullable Object> ofForm(String body) {
        return FORM.tree(body);
    }

    private Map<String, @Nullable Object> tree(String query) {
        Object root = new LinkedHashMap<String, @Nullable Object>();
        for (Map.Entry<String, Object> pair : pairs(query).entrySet()) {
            Object nested = nest(path(pair.getKey()), 0, pair.getValue());
            if (nested instanceof Map) {
                root = merge(root, nested);
            }
        }
        withoutHoles(root);
        return members(root);
    }

    private static Map<String, Object> pairs(String query) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        String[] parts = query.split("&", MOST_PARAMETERS + 1);
        for (int i = 0; i < Math.min(parts.length, MOST_PARAMETERS); i++) {
            String part = parts[i];
            if (!part.isEmpty()) {
                int bracketEnd = part.indexOf("]=");
                int equals = bracketEnd < 0 ? part.indexOf('=') : bracketEnd + 1;
                String key = decoded(equals < 0 ? part : part.substring(0, equals));
                Object value = equals < 0 ? "" : decoded(part.substring(equals + 1));
                pairs.merge(key, value, QueryTree::appended);
            }
        }
        return pairs;
    }

    private static Object appended(Object known, Object value) {
        List<@Nullable Object> list = known instanceof List<?> values ? items(values) : listOf(known);
        list.add(value);
        return list;
    }

    /** {@code a[b][]} is a, b and the empty name; what is deeper than five brackets is one name with its brackets. */
    private List<String> path(String key) {
        List<String> path = new ArrayList<>();
        Matcher bracket = BRACKET.matcher(key);
        boolean found = bracket.find();
        String parent = found ? key.substring(0, bracket.start()) : key;
        if (!parent.isEmpty()) {
            path.add(parent);
        }
        int depth = 0;
        while (found && depth < deepest) {
            path.add("[" + bracket.group(1) + "]");
            depth++;
            found = bracket.find();
        }
        if (found) {
            path.add("[" + key.substring(bracket.start()) + "]");
        }
        return path;
    }

    private Object nest(List<String> path, int at, Object leaf) {
        if (at == path.size()) {
            return leaf;
        }
        Object inner = nest(path, at + 1, leaf);
        String part = path.get(at);
        boolean bracketed = part.startsWith("[") && part.endsWith("]");
        String name = bracketed ? part.substring(1, part.length() - 1) : part;
        if (bracketed && name.isEmpty()) {
            return inner instanceof List<?> list ? items(list) : listOf(inner);
        }
        int index = bracketed ? ObjectKeys.index(name) : -1;
        if (index >= 0 && index <= largestIndex) {
            List<@Nullable Object> list = new ArrayList<>();
            put(list, index, inner);
            return list;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (!name.equals("__proto__")) {
            map.put(name, inner);
        }
        return map;
    }

    private static Object merge(@Nullable Object target, Object source) {
        if (source instanceof String) {
            return mergeText(target, source);
        }
        if (!(target instanceof List) && !(target instanceof Map)) {
            List<@Nullable Object> list = listOf(target);
            if (source instanceof List<?> more) {
                list.addAll(more);
            } else {
                list.add(source);
            }
            return list;
        }
        if (target instanceof List<?> into && source instanceof List<?> from) {
            return mergeLists(items(into), from);
        }
        Map<String, @Nullable Object> map = target instanceof List<?> list ? asMap(list) : members(target);
        Map<String, @Nullable Object> more = source instanceof List<?> list ? asMap(list) : members(source);
        more.forEach((name, value) -> {
            if (value != null) {
                map.put(name, map.containsKey(name) ? merge(map.get(name), value) : value);
            }
        });
        return map;
    }

    private static Object mergeText(@Nullable Object target, Object text) {
        if (target instanceof List<?> list) {
            items(list).add(text);
            return list;
        }
        if (target instanceof Map) {
            members(target).put(text.toString(), true);
            return target;
        }
        List<@Nullable Object> both = listOf(target);
        both.add(text);
        return both;
    }

    private static Object mergeLists(List<@Nullable Object> into, List<?> from) {
        for (int i = 0; i < from.size(); i++) {
            Object item = from.get(i);
            if (item != null && item != HOLE) {
                Object known = i < into.size() ? into.get(i) : HOLE;
                boolean isNested = known instanceof List || known instanceof Map;
                if (known == HOLE) {
                    put(into, i, item);
                } else if (isNested && (item instanceof List || item instanceof Map)) {
                    into.set(i, merge(known, item));
                } else {
                    into.add(item);
                }
            }
        }
        return into;
    }

    private static Map<String, @Nullable Object> asMap(List<?> list) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) != HOLE) {
                map.put(Integer.toString(i), list.get(i));
            }
        }
        return map;
    }

    private static void put(List<@Nullable Object> list, int index, Object value) {
        while (list.size() <= index) {
            list.add(HOLE);
        }
        list.set(index, value);
    }

    private static @Nullable Object withoutHoles(@Nullable Object node) {
        if (node instanceof List<?> list) {
            List<@Nullable Object> items = items(list);
            items.removeIf(item -> item == HOLE);
            items.replaceAll(QueryTree::withoutHoles);
        } else if (node instanceof Map) {
            members(node).replaceAll((name, value) -> withoutHoles(value));
        }
        return node;
    }

    private static List<@Nullable Object> listOf(@Nullable Object first) {
        List<@Nullable Object> list = new ArrayList<>();
        list.add(first);
        return list;
    }

    @SuppressWarnings("unchecked") // every list in here was made in here
    private static List<@Nullable Object> items(List<?> list) {
        return (List<@Nullable Object>) list;
    }

    @SuppressWarnings("unchecked") // every map in here was made in here
    private static Map<String, @Nullable Object> members(Object map) {
        return (Map<String, @Nullable Object>) map;
    }

    private static String decoded(String text) {
        String spaced = text.replace('+', ' ');
        String decoded = percentDecoded(spaced);
        return decoded == null ? spaced : decoded;
    }

    /** As {@code decodeURIComponent}; null where that would throw. */
    static @Nullable String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        byte[] octets = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte octet = source[i];
            if (octet == '%') {
                int high = i + 2 < source.length ? Character.digit(source[i + 1], 16) : -1;
                int low = i + 2 < source.length ? Character.digit(source[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                octet = (byte) (high << 4 | low);
                i += 2;
            }
            octets[length++] = octet;
        }
        String decoded = new String(octets, 0, length, StandardCharsets.UTF_8);
        return decoded.indexOf('\uFFFD') >= 0 && text.indexOf('\uFFFD') < 0 && !text.contains("%EF%BF%BD")
                ? null
                : decoded;
    }
}
