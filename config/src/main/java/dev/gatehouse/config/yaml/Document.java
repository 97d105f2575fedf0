package dev.gatehouse.config.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that was read.
 *
 * @param source its text
 * @param root its content; null when it is empty or cannot be read at all
 * @param faults everything that is wrong with the text, not only the first thing
 */
public record Document(Source source, @Nullable Node root, List<Fault> faults) {
    public Document {
        faults = List.copyOf(faults);
    }
}
