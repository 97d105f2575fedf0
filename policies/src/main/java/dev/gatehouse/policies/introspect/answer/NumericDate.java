package dev.gatehouse.policies.introspect.answer;

import dev.gatehouse.policies.auth.claim.ClaimTree;
import org.jspecify.annotations.Nullable;

/** A NumericDate of RFC 7519 section 2: seconds since 1970, with a fraction or not. Some servers send digits as text. */
public final class NumericDate {
    /** Whole numbers above are no longer exact in JSON readers; as a date they mean "never". */
    private static final double EXACT = 0x1p53;

    private NumericDate() {}

    /** The date in milliseconds; null when the value is neither a number nor digits. */
    public static @Nullable Long millis(Object value) {
        double seconds;
        if (value instanceof Number number) {
            seconds = number.doubleValue();
        } else if (value instanceof String text && isDigits(text)) {
            seconds = Double.parseDouble(text);
        } else {
            return null;
        }
        return seconds > EXACT ? TokenFacts.NO_END - 1 : (long) Math.floor(seconds * 1000);
    }

    private static boolean isDigits(String text) {
        if (text.isEmpty() || text.length() > ClaimTree.MAX_NUMBER_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
