package dev.gatehouse.policies.introspect.binding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The proofs that were used, so that none is used twice (RFC 9449 section 11.1).
 *
 * <p>Idea: an entry is forgotten when the proof itself is too old to be accepted, never to make room; a full store
 * says so. Entries lie in buckets by the second of their {@code iat}, so that forgetting costs nothing per request.
 * What is older than the newest bucket that was forgotten counts as used: when the wall clock is set back, a proof that
 * nobody remembers could otherwise count again. A cache with eviction was rejected, because an attacker could push out
 * the entry of a proof that he has.
 *
 * <p>An entry is the half of a SHA-256, about 100 bytes. One lock guards everything; it is held for well under a
 * microsecond and only by threads that verify signatures, never by an event loop.
 */
final class UsedProofs {
    /** What becomes of a proof. */
    enum Use {
        FIRST,
        REPEATED,
        /** It cannot be remembered, so it must not be accepted. */
        FULL
    }

    private record Entry(long high, long low) {}

    private final InstantSource clock;
    private final Set<Entry> entries = new HashSet<>();
    private final TreeMap<Long, List<Entry>> bySecond = new TreeMap<>();
    private int maxEntries;
    private long keepSeconds;
    private long forgottenSecond = Long.MIN_VALUE;

    UsedProofs(InstantSource clock) {
        this.clock = clock;
    }

    /** Raises the bounds to what one more user needs; they never sink while somebody may rely on them. */
    synchronized void retain(int most, Duration maxAge) {
        maxEntries = Math.max(maxEntries, most);
        keepSeconds = Math.max(keepSeconds, maxAge.toSeconds() + 1);
    }

    /**
     * Notes the use of a proof whose signature is right. Of several calls with one proof, on whatever threads, exactly
     * one gives {@link Use#FIRST}.
     */
    synchronized Use use(String thumbprint, String id, long issuedAt) {
        forget();
        if (issuedAt <= forgottenSecond) {
            return Use.REPEATED;
        }
        Entry entry = entry(thumbprint, id);
        if (entries.contains(entry)) {
            return Use.REPEATED;
        }
        if (entries.size() >= maxEntries) {
            return Use.FULL;
        }
        entries.add(entry);
        bySecond.computeIfAbsent(issuedAt, second -> new ArrayList<>(2)).add(entry);
        return Use.FIRST;
    }

    synchronized int size() {
        return entries.size();
    }

    private void forget() {
        long tooOld = clock.millis() / 1000 - keepSeconds - 1;
        while (!bySecond.isEmpty() && bySecond.firstKey() <= tooOld) {
            var oldest = bySecond.pollFirstEntry();
            forgottenSecond = oldest.getKey();
            oldest.getValue().forEach(entries::remove);
        }
    }

    /** The thumbprint has a fixed length, so no other pair gives the same text. */
    private static Entry entry(String thumbprint, String id) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.digest((thumbprint + ' ' + id).getBytes(StandardCharsets.UTF_8)));
        return new Entry(hash.getLong(), hash.getLong());
    }
}
