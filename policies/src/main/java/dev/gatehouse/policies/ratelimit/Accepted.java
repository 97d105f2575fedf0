package dev.gatehouse.policies.ratelimit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/**
 * Which form of a text a client prefers, by its {@code Accept} (RFC 9110 section 12.5.1). Of equally wanted ones the
 * more exactly named comes first, then the one named first, then HTML; the order that Express keeps. Pure.
 */
enum Accepted {
    HTML("text", "html"),
    JSON("application", "json"),
    /** The client wants neither. */
    NEITHER("", "");

    private final String type;
    private final String subtype;

    Accepted(String type, String subtype) {
        this.type = type;
        this.subtype = subtype;
    }

    /**
     * How well a form fits.
     *
     * @param quality 0 = not wanted
     * @param exactness 0 for any type, 1 for any subtype, 2 for the type itself
     * @param place of the entry in the field
     */
    private record Fit(double quality, int exactness, int place) {
        static final Fit NONE = new Fit(0, -1, 0);

        boolean isBetterThan(Fit other) {
            if (quality != other.quality) {
                return quality > other.quality;
            }
            return exactness != other.exactness ? exactness > other.exactness : place < other.place;
        }
    }

    /** The form for a request with these header fields. */
    static Accepted in(HttpHeaders request) {
        List<String> lines = request.getAll(HttpHeaderNames.ACCEPT);
        if (lines.isEmpty()) {
            return HTML;
        }
        String[] entries = String.join(",", lines).toLowerCase(Locale.ROOT).split(",", -1);
        Fit html = HTML.fit(entries);
        Fit json = JSON.fit(entries);
        if (html.quality() <= 0 && json.quality() <= 0) {
            return NEITHER;
        }
        return json.isBetterThan(html) ? JSON : HTML;
    }

    /** What the most exact entry says of this form. */
    private Fit fit(String[] entries) {
        Fit best = Fit.NONE;
        for (int i = 0; i < entries.length; i++) {
            String[] parts = entries[i].split(";", -1);
            int exactness = exactness(parts[0].strip());
            if (exactness > best.exactness()) {
                best = new Fit(quality(parts), exactness, i);
            }
        }
        return best;
    }

    private int exactness(String range) {
        if (range.equals(type + '/' + subtype)) {
            return 2;
        }
        return range.equals(type + "/*") ? 1 : range.equals("*/*") ? 0 : -1;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                return weight(parameter.substring(2));
            }
        }
        return 1;
    }

    /** A weight of RFC 9110 section 12.4.2; what is none counts as 0. */
    private static double weight(String text) {
        return text.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(text)) : 0;
    }
}
