package dev.gatehouse.expression.value;

import java.math.BigInteger;
import org.mozilla.javascript.ScriptRuntime;

/**
 * Text as a number, ECMA-262 section 7.1.4.1.1. Pure; safe on any thread.
 *
 * <p>Rhino reads decimal numbers. Those with a radix it reads as before ES6 where no context is entered: up to the first
 * foreign digit, with a sign, without octal and binary ones.
 */
final class NumberText {
    /** The largest finite number has as many binary digits, and fewer of any other radix. */
    private static final int MOST_DIGITS = 1024;

    private NumberText() {}

    static double number(String text) {
        int start = 0;
        while (start < text.length() && ScriptRuntime.isJSWhitespaceOrLineTerminator(text.charAt(start))) {
            start++;
        }
        int end = text.length();
        while (end > start && ScriptRuntime.isJSWhitespaceOrLineTerminator(text.charAt(end - 1))) {
            end--;
        }
        boolean signed = start < end && (text.charAt(start) == '+' || text.charAt(start) == '-');
        int radix = radixAt(text, signed ? start + 1 : start, end);
        if (radix == 10) {
            return ScriptRuntime.toNumber(text);
        }
        return signed ? Double.NaN : natural(text.substring(start + 2, end), radix);
    }

    private static int radixAt(String text, int start, int end) {
        if (end - start < 2 || text.charAt(start) != '0') {
            return 10;
        }
        return switch (text.charAt(start + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private static double natural(String digits, int radix) {
        boolean foreign = digits.chars().anyMatch(c -> c > 'f' || Character.digit(c, radix) < 0);
        if (digits.isEmpty() || foreign) {
            return Double.NaN;
        }
        int first = 0;
        while (first < digits.length() - 1 && digits.charAt(first) == '0') {
            first++;
        }
        return digits.length() - first > MOST_DIGITS
                ? Double.POSITIVE_INFINITY
                : new BigInteger(digits.substring(first), radix).doubleValue();
    }
}
