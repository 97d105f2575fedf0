package dev.gatehouse.exchange;

import java.util.Map;

/**
 * A request body as a tree: {@code req.body} of expressions. Immutable.
 *
 * @param kind how it is written on the wire
 * @param tree a Map or a List of String, Boolean, Number, List, Map and null; an empty map when there is nothing to read
 */
public record ParsedBody(Kind kind, Object tree) {
    /** No body, or one of a media type that is not read. */
    public static final ParsedBody NONE = new ParsedBody(Kind.NONE, Map.of());

    /** How a body is written. */
    public enum Kind {
        JSON,
        FORM,
        NONE
    }
}
