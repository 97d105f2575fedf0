package dev.gatehouse.runtime.build;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows which meters a build registered, so that a refused configuration leaves none behind, and takes those of
 * pipelines that are gone. Control thread; meters that other threads register meanwhile are none of its business.
 */
public final class BuildMeters {
    private static final String PIPELINE = "pipeline";

    private final MeterRegistry meters;
    // Written by the thread that builds, read by every thread that registers a meter.
    private volatile @Nullable Thread builder;
    private final List<Meter> added = new ArrayList<>();

    public BuildMeters(MeterRegistry meters) {
        this.meters = meters;
        meters.config().onMeterAdded(this::added);
    }

    /** From now on, until {@link #keep} or {@link #undo}, what this thread registers belongs to a build. */
    public void begin() {
        added.clear();
        builder = Thread.currentThread();
    }

    /** The build is in force. */
    public void keep() {
        builder = null;
        added.clear();
    }

    /** The build was refused: nothing of it stays. */
    public void undo() {
        builder = null;
        added.forEach(meters::remove);
        added.clear();
    }

    /** Removes the meters of pipelines that nobody serves any more. */
    public void retain(Set<String> pipelines) {
        for (Meter meter : meters.getMeters()) {
            String pipeline = meter.getId().getTag(PIPELINE);
            if (pipeline != null && !pipelines.contains(pipeline)) {
                meters.remove(meter);
            }
        }
    }

    private void added(Meter meter) {
        if (Thread.currentThread().equals(builder)) {
            added.add(meter);
        }
    }
}
