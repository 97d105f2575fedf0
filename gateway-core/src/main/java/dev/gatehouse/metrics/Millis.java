package dev.gatehouse.metrics;

/** Durations as people and log fields show them. */
final class Millis {
    private static final int NANOS_PER_MICRO = 1000;

    private Millis() {}

    /** Milliseconds with three decimals, always with a point: {@code 0.312}. */
    static String threeDecimals(long nanos) {
        long micros = (nanos + NANOS_PER_MICRO / 2) / NANOS_PER_MICRO;
        return micros / 1000 + "." + digits(micros % 1000);
    }

    /** Milliseconds with one decimal and unit: {@code 0.3 ms}. */
    static String oneDecimal(long nanos) {
        long tenths = (nanos + 50_000) / 100_000;
        return tenths / 10 + "." + tenths % 10 + " ms";
    }

    private static String digits(long value) {
        return value < 10 ? "00" + value : value < 100 ? "0" + value : Long.toString(value);
    }
}
