package dev.gatehouse.cli.bigbody;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Writes and reads long bodies in bursts; both return the SHA-256 of what they moved. */
final class Bulk {
    private static final int BLOCK = 64 << 10;

    private Bulk() {}

    static String write(OutputStream out, long length, SlowBursts bursts) throws IOException {
        MessageDigest digest = sha256();
        byte[] block = new byte[BLOCK];
        new SplittableRandom(length).nextBytes(block);
        for (long left = length; left > 0; ) {
            int size = (int) Math.min(left, BLOCK);
            block[(int) (left / BLOCK % BLOCK)]++; // No two blocks are equal, so a lost or doubled one shows.
            out.write(block, 0, size);
            digest.update(block, 0, size);
            left -= size;
            bursts.moved(size);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String read(InputStream in, SlowBursts bursts) throws IOException {
        MessageDigest digest = sha256();
        byte[] block = new byte[BLOCK];
        for (int size = in.read(block); size >= 0; size = in.read(block)) {
            digest.update(block, 0, size);
            bursts.moved(size);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
