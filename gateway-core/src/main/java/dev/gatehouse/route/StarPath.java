package dev.gatehouse.route;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path pattern of literals and stars, where a star stands for any characters.
 *
 * <p>Both ends are compared first, then the literals between from right to left, each at its last possible place. That
 * gives every star as much as a greedy regular expression would, but never tries a second way: a long path costs its
 * length for each literal, where backtracking over several stars would cost a power of it.
 */
final class StarPath implements PathPattern {
    private static final int[] NO_PLACES = {};

    private final String text;
    private final String[] parts;

    private StarPath(String text, String[] parts) {
        this.text = text;
        this.parts = parts;
    }

    /** Null for a pattern that ends with two slashes, which is left to the regular expression. */
    static @Nullable PathPattern of(String text, String wire) {
        String[] parts = wire.toLowerCase(Locale.ROOT).split("\\*", -1);
        int last = parts.length - 1;
        parts[last] = Segments.withoutLastSlash(parts[last]);
        return parts[last].endsWith("/") ? null : new StarPath(text, parts);
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public String literal() {
        return parts[0];
    }

    @Override
    public boolean matches(String path, int end) {
        return match(path, end, NO_PLACES);
    }

    /** Notes in {@code places}, unless it is empty, where each part begins. */
    private boolean match(String path, int end, int[] places) {
        String first = parts[0];
        String last = parts[parts.length - 1];
        boolean slash = !last.isEmpty() && end > 0 && path.charAt(end - 1) == '/';
        int stop = (slash ? end - 1 : end) - last.length();
        if (stop < first.length()
                || !path.regionMatches(true, 0, first, 0, first.length())
                || !path.regionMatches(true, stop, last, 0, last.length())) {
            return false;
        }
        note(places, parts.length - 1, stop);
        for (int i = parts.length - 2; i > 0; i--) {
            stop = lastPlace(path, parts[i], first.length(), stop);
            if (stop < 0) {
                return false;
            }
            note(places, i, stop);
        }
        return true;
    }

    private static void note(int[] places, int part, int place) {
        if (places.length > 0) {
            places[part] = place;
        }
    }

    private static int lastPlace(String path, String part, int from, int stop) {
        for (int at = stop - part.length(); at >= from; at--) {
            if (path.regionMatches(true, at, part, 0, part.length())) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public Captures captures(String path) {
        int[] places = new int[parts.length];
        if (!match(path, path.length(), places)) {
            return Captures.NONE;
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int from = places[i - 1] + parts[i - 1].length();
            found.put(String.valueOf(i - 1), path.substring(from, places[i]));
        }
        return new Captures(found, parts[0].length());
    }
}
