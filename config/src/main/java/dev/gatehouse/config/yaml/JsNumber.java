package dev.gatehouse.config.yaml;

import java.math.BigDecimal;

/** Numbers as JavaScript prints them. */
final class JsNumber {
    private JsNumber() {}

    /** ECMAScript Number::toString for radix 10. */
    static String text(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.toString(number);
        }
        if (number == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -6 && exponent < 21) {
            return exact.toPlainString();
        }
        String digits = exact.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String sign = exponent < 0 ? "-" : "+";
        return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + sign + Math.abs(exponent);
    }
}
