package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.Target;
import io.netty.handler.codec.CodecException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator is told of targets: once when they fail, once when they are back. One event loop. */
public final class TargetNotices {
    // The package in this name is what log lines name their event by: all that concerns services is one.
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.upstream.TargetNotices");

    private final TargetHealth health;
    private final LongSupplier ticker;
    private long complained = -TimeUnit.SECONDS.toNanos(1);

    /** @param ticker nanoseconds since the client of this loop was made */
    public TargetNotices(TargetHealth health, LongSupplier ticker) {
        this.health = health;
        this.ticker = ticker;
    }

    /** A target took a connection. */
    public void reached(Target target) {
        if (health.reached(target)) {
            LOG.info("can be reached again ({})", target.label());
        }
    }

    /** A target could not be connected to, and nothing was sent. */
    public void unreachable(Target target, UpstreamFault fault) {
        if (health.failed(target)) {
            LOG.warn("cannot be reached: {} ({})", fault.tag(), target.label());
        }
    }

    /** A peer's failure is counted and told to the client, its detail is for debugging; anything else is a bug. */
    public void report(Target target, String what, Throwable cause) {
        if (cause instanceof RuntimeException && !(cause instanceof CodecException)) {
            LOG.error("{} ({})", what, target.label(), cause);
        } else {
            LOG.debug("{} ({}): {}", what, target.label(), cause.toString());
        }
    }

    /** Something that only the operator can change; said once per second and event loop at most. */
    public void complain(Target target, String what, @Nullable Throwable cause) {
        long now = ticker.getAsLong();
        if (now - complained >= TimeUnit.SECONDS.toNanos(1)) {
            complained = now;
            LOG.warn("{} ({}){}", what, target.label(), cause == null ? "" : ": " + cause.getMessage());
        }
    }
}
