package dev.gatehouse.server.request;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Request ids in the form of Express Gateway: 22 characters of base 62. They tell requests apart; they guard nothing,
 * so a fast source of randomness is enough.
 */
public final class RequestIds {
    private static final char[] DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray();
    private static final int HALF = 11;

    private RequestIds() {}

    /** A name for a request that no other one has, as far as chance allows. */
    public static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        char[] text = new char[2 * HALF];
        fill(text, 0, random.nextLong());
        fill(text, HALF, random.nextLong());
        return new String(text);
    }

    private static void fill(char[] text, int from, long bits) {
        long rest = bits;
        for (int i = from + HALF - 1; i >= from; i--) {
            text[i] = DIGITS[(int) Long.remainderUnsigned(rest, DIGITS.length)];
            rest = Long.divideUnsigned(rest, DIGITS.length);
        }
    }
}
