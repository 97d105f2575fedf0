package dev.gatehouse.policies.introspect.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes the {@link TokenKey} of a token: HMAC-SHA-256 under a key that is drawn at start and never leaves the
 * process. Safe on any thread; each thread keeps one hash function and one buffer, so that a lookup allocates little
 * more than the key itself.
 */
public final class TokenHasher {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int INITIAL_BYTES = 2048;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final SecretKeySpec KEY = new SecretKeySpec(randomBytes(), ALGORITHM);
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final byte[] identity;

    /** @param identity what separates the tokens of one authorization server from those of another */
    public TokenHasher(byte[] identity) {
        this.identity = identity.clone();
    }

    /** The key of {@code text[start, end)}, which holds visible ASCII only. */
    public TokenKey key(String text, int start, int end) {
        Scratch scratch = SCRATCH.get();
        byte[] bytes = scratch.bytes(end - start);
        for (int i = start; i < end; i++) {
            bytes[i - start] = (byte) text.charAt(i);
        }
        scratch.mac.update(identity);
        scratch.mac.update(bytes, 0, end - start);
        byte[] hash = scratch.mac.doFinal();
        return new TokenKey((long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8), (long) LONGS.get(hash, 16), (long)
                LONGS.get(hash, 24));
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static final class Scratch {
        private final Mac mac;
        private byte[] bytes = new byte[INITIAL_BYTES];

        Scratch() {
            try {
                mac = Mac.getInstance(ALGORITHM);
                mac.init(KEY);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
            }
        }

        byte[] bytes(int length) {
            if (bytes.length < length) {
                bytes = new byte[length];
            }
            return bytes;
        }
    }
}
