package dev.gatehouse.expression.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The order in which JavaScript lists the keys of an object: array indexes ascending, then the rest as added. */
public final class ObjectKeys {
    private static final int LONGEST_INDEX = 9;

    private ObjectKeys() {}

    /** The keys of {@code map} in that order. */
    public static Collection<String> of(Map<String, ?> map) {
        for (String key : map.keySet()) {
            if (index(key) >= 0) {
                return reordered(map.keySet());
            }
        }
        return map.keySet();
    }

    /** The array index that {@code key} spells canonically, or -1. Indexes of ten digits are taken as names. */
    public static int index(String key) {
        int length = key.length();
        if (length == 0 || length > LONGEST_INDEX || (length > 1 && key.charAt(0) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < length; i++) {
            int digit = key.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static List<String> reordered(Collection<String> keys) {
        List<String> indexes = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String key : keys) {
            (index(key) >= 0 ? indexes : names).add(key);
        }
        indexes.sort(Comparator.comparingInt(ObjectKeys::index));
        indexes.addAll(names);
        return indexes;
    }
}
