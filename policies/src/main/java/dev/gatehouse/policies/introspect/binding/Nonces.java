package dev.gatehouse.policies.introspect.binding;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The nonces of RFC 9449 section 9, of which none is stored: a nonce is the keyed hash of the minute in which it is
 * given out, and counts in that minute and in the next one. The key is random and ends with the process. Safe on any
 * thread: what is published is immutable, and two threads that notice a new minute at once compute the same.
 */
final class Nonces {
    static final int SLOT_SECONDS = 60;

    private static final String HMAC = "HmacSHA256";
    private static final int BYTES = 16;

    /** How good a nonce is. */
    enum Age {
        CURRENT,
        /** Of the minute before: good, but the client should hear of the new one. */
        PREVIOUS,
        /** Older, forged, or none. */
        UNKNOWN
    }

    private record Slot(long number, String current, String previous) {}

    private final InstantSource clock;
    private final SecretKeySpec key;
    private volatile Slot slot;

    Nonces(InstantSource clock) {
        this.clock = clock;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, HMAC);
        slot = make(number());
    }

    /** What clients are to use now. */
    String current() {
        return slot().current();
    }

    /** @param nonce as it stands in a proof */
    Age age(@Nullable Object nonce) {
        Slot now = slot();
        if (!(nonce instanceof String text)) {
            return Age.UNKNOWN;
        }
        boolean current = Sha256.same(text, now.current());
        boolean previous = Sha256.same(text, now.previous());
        return current ? Age.CURRENT : previous ? Age.PREVIOUS : Age.UNKNOWN;
    }

    private Slot slot() {
        Slot known = slot;
        long number = number();
        if (known.number() != number) {
            known = make(number);
            slot = known;
        }
        return known;
    }

    private long number() {
        return Math.floorDiv(clock.millis(), TimeUnit.SECONDS.toMillis(SLOT_SECONDS));
    }

    private Slot make(long number) {
        return new Slot(number, nonce(number), nonce(number - 1));
    }

    private String nonce(long number) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + HMAC, e);
        }
    }
}
