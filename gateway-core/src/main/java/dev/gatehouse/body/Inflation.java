package dev.gatehouse.body;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Undoes a content coding. Never makes more than it was told to, however small the input is. Pure. */
final class Inflation {
    /** A coding that is not known. */
    static final class UnknownCoding extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownCoding() {
            super(null, null, false, false);
        }
    }

    private Inflation() {}

    /**
     * The content behind {@code coding}: at most {@code maxBytes} and one more, which tells that there is too much.
     *
     * @param coding value of {@code Content-Encoding} in lower case
     * @throws IOException when the input is not of that coding, or cut off
     */
    static byte[] inflate(byte[] input, String coding, int maxBytes) throws IOException, UnknownCoding {
        return switch (coding) {
            case "", "identity" -> input;
            case "gzip", "x-gzip" -> bounded(new GZIPInputStream(new ByteArrayInputStream(input)), maxBytes);
            case "deflate" -> bounded(new InflaterInputStream(new ByteArrayInputStream(input)), maxBytes);
            default -> throw new UnknownCoding();
        };
    }

    private static byte[] bounded(InputStream inflating, int maxBytes) throws IOException {
        try (inflating) {
            return inflating.readNBytes(maxBytes == Integer.MAX_VALUE ? maxBytes : maxBytes + 1);
        }
    }
}
