package dev.gatehouse.policies.introspect.cache;

import java.util.HexFormat;

/**
 * Stands for a token wherever something is remembered about it: 256 bits of a keyed hash over the introspection
 * identity and the token. Compared in full; the token cannot be computed from it.
 */
public record TokenKey(long a, long b, long c, long d) {
    /** 8 hexadecimal digits that link log lines of one token without telling it. */
    public String fingerprint() {
        return HexFormat.of().toHexDigits((int) d);
    }

    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
