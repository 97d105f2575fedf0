package dev.gatehouse.policies.rewrite;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Small pieces of request targets as text. Pure. */
final class TargetText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private TargetText() {}

    static int pathEnd(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target.length() : query;
    }

    /** {@code result} with the query of {@code target} behind its own one and before its fragment. */
    static String withQueryOf(String result, String target) {
        int query = target.indexOf('?');
        if (query < 0) {
            return result;
        }
        int hash = result.indexOf('#');
        int end = hash < 0 ? result.length() : hash;
        int own = result.indexOf('?');
        char separator = own >= 0 && own < end ? '&' : '?';
        return result.substring(0, end) + separator + target.substring(query + 1) + result.substring(end);
    }

    /** Text of the configuration as it looks in a target: what is not visible ASCII is percent-encoded as UTF-8. */
    static String encoded(String written) {
        StringBuilder out = new StringBuilder(written.length());
        for (byte octet : written.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f) {
                out.append((char) octet);
            } else {
                HEX.toHexDigits(out.append('%'), octet);
            }
        }
        return out.toString();
    }
}
