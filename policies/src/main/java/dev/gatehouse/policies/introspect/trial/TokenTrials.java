package dev.gatehouse.policies.introspect.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every step of {@code oauth2-introspect} in the configuration, ready to try a token. Safe on any thread. */
public final class TokenTrials {
    /** Under this key the gateway shares the one instance; see {@code PolicyContext.shared}. */
    public record Key() {}

    /**
     * What makes two steps the same, also across reloads.
     *
     * @param config the options of the step
     */
    public record Step(String pipeline, String path, Record config) {}

    private record Entry(String pipeline, TokenTrial trial) {}

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /** Lists the servers of a step until the result is closed. Start-up thread. */
    public AutoCloseable open(String pipeline, List<TokenTrial> trials) {
        List<Entry> added =
                trials.stream().map(trial -> new Entry(pipeline, trial)).toList();
        entries.addAll(added);
        return () -> entries.removeAll(added);
    }

    /** The pipelines with such a step, in document order. */
    public List<String> pipelines() {
        return entries.stream().map(Entry::pipeline).distinct().toList();
    }

    /** The servers of the steps of a pipeline, in document order. */
    public List<TokenTrial> of(String pipeline) {
        List<TokenTrial> trials = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.pipeline().equals(pipeline)) {
                trials.add(entry.trial());
            }
        }
        return trials;
    }
}
