package dev.gatehouse.config.yaml;

import java.io.StringReader;
import java.util.function.ObjIntConsumer;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;

/** Walks through a broken text once more, as far as it can be read, to find out where the mistake began. */
final class EventScan {
    private final String text;
    private final Positions positions;

    EventScan(String text, Positions positions) {
        this.text = text;
        this.positions = positions;
    }

    /**
     * Start of the quoted scalar that ends right before {@code at} and spans several lines, or -1: a quote that was
     * closed by accident, by the next quote some lines below.
     */
    int manyLinesBefore(int at) {
        int[] found = {-1};
        walk((event, depth) -> {
            if (event instanceof ScalarEvent scalar && isQuoted(scalar)) {
                int from = positions.offset(event.getStartMark());
                int to = positions.offset(event.getEndMark());
                boolean manyLines = Tabs.lineStart(text, from) != Tabs.lineStart(text, to);
                boolean endsThere = to <= at && text.substring(to, at).isBlank();
                found[0] = manyLines && endsThere ? from : found[0];
            }
        });
        return found[0];
    }

    /** Start of the first value that is nested deeper than {@code limit}; the end of what can be read if none is. */
    int deeperThan(int limit) {
        int[] found = {-1};
        int end = walk((event, depth) -> {
            if (depth > limit && found[0] < 0) {
                found[0] = positions.offset(event.getStartMark());
            }
        });
        return found[0] < 0 ? end : found[0];
    }

    /** End of what can be read. */
    int end() {
        return walk((event, depth) -> {});
    }

    private int walk(ObjIntConsumer<Event> visit) {
        int depth = 0;
        int end = 0;
        try {
            for (Event event : YamlReader.yaml().parse(new StringReader(text))) {
                depth += event instanceof CollectionStartEvent ? 1 : 0;
                visit.accept(event, depth);
                depth -= event instanceof CollectionEndEvent ? 1 : 0;
                end = positions.offset(event.getEndMark());
            }
        } catch (YAMLException | IllegalArgumentException broken) {
            // The same mistake again: everything before it has been seen.
            return end;
        }
        return end;
    }

    private static boolean isQuoted(ScalarEvent scalar) {
        return scalar.getScalarStyle() == ScalarStyle.SINGLE_QUOTED
                || scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED;
    }
}
