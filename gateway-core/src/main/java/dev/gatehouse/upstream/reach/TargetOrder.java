package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.Target;
import java.util.ArrayList;
import java.util.List;

/** The targets of a call: in the given order, but those that are put aside come last. One event loop. */
public final class TargetOrder {
    private final TargetHealth health;
    private final List<Target> left;
    private Target current;

    /** @param targets at least one */
    public TargetOrder(List<Target> targets, TargetHealth health) {
        this.health = health;
        this.current = targets.get(0);
        if (targets.size() == 1) {
            // Nobody to turn to: whether it is put aside makes no difference.
            this.left = List.of();
        } else {
            this.left = new ArrayList<>(targets);
            this.current = next();
        }
    }

    /** The target that is being tried. */
    public Target current() {
        return current;
    }

    /** Whether there is another one to turn to. */
    public boolean hasNext() {
        return !left.isEmpty();
    }

    /** Turns to the next target, which there is. */
    public Target next() {
        int chosen = 0;
        for (int i = 0; i < left.size(); i++) {
            if (health.mayTry(left.get(i))) {
                chosen = i;
                break;
            }
        }
        current = left.remove(chosen);
        return current;
    }
}
