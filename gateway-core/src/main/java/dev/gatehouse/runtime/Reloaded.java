package dev.gatehouse.runtime;

import java.util.List;

/**
 * What a reload did beside the swap.
 *
 * @param opened listeners that are new
 * @param needRestart keys whose change waits for a restart, such as {@code http.hostname}
 */
public record Reloaded(List<Bound> opened, List<String> needRestart) {
    public Reloaded {
        opened = List.copyOf(opened);
        needRestart = List.copyOf(needRestart);
    }
}
