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

    /** Lists a step until the result is closed. Start-up thread. */
    public AutoCloseable open(String pipeline, TokenTrial trial) {
        Entry entry = new Entry(pipeline, trial);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** The pipelines with such a step, in document order. */
    public List<String> pipelines() {
        return entries.stream().map(Entry::pipeline).distinct().toList();
    }

    /** The steps of a pipeline, in document order. */
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
