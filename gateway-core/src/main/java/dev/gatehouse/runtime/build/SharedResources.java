package dev.gatehouse.runtime.build;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live objects that policies hold (token caches, breakers, counters), keyed by the record that configures them.
 *
 * <p>Idea: equal key, same object. A snapshot takes a lease; an object lives as long as some lease holds it. A reload
 * builds the new snapshot under a new lease before the old one ends, so whatever both need survives untouched.
 * Confined to the control thread by its lock; never called by an event loop.
 */
public final class SharedResources {
    // The package in this name is what log lines name their event by: building is part of the runtime.
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.runtime.SharedResources");

    private final Map<Record, Entry> entries = new HashMap<>();

    private static final class Entry {
        private final Object object;
        private int leases;

        Entry(Object object) {
            this.object = object;
        }
    }

    public Lease lease() {
        return new Lease();
    }

    /** What one snapshot holds. */
    public final class Lease implements AutoCloseable {
        private final Set<Record> held = new LinkedHashSet<>();

        @SuppressWarnings("unchecked") // a key's class stands for one kind of object
        public <T> T get(Record key, Supplier<T> make) {
            synchronized (entries) {
                Entry entry = entries.computeIfAbsent(key, unused -> new Entry(make.get()));
                if (held.add(key)) {
                    entry.leases++;
                }
                return (T) entry.object;
            }
        }

        /** Gives everything back; what nobody else holds is closed. */
        @Override
        public void close() {
            synchronized (entries) {
                for (Record key : held) {
                    Entry entry = entries.get(key);
                    if (entry != null && --entry.leases == 0) {
                        entries.remove(key);
                        end(entry.object);
                    }
                }
                held.clear();
            }
        }

        private static void end(Object object) {
            if (object instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    LOG.error("a resource could not be closed", e);
                }
            }
        }
    }
}
