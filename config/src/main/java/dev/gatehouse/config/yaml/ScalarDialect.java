package dev.gatehouse.config.yaml;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plain scalar means, by the rules of js-yaml 3, for which existing files were written: {@code yes} is a text,
 * {@code 0777} is 511, {@code 190:20:30} is a number of base 60. SnakeYAML's own rules differ in each of these.
 */
final class ScalarDialect {
    private static final Pattern INTEGER = Pattern.compile("(?<sign>[-+]?)(?:0b(?<bin>[01_]*)|0x(?<hex>[0-9a-fA-F_]*)"
            + "|0(?<oct>[0-7_]*)|(?<dec>[1-9][0-9_]*)(?<sixty>(?::[0-5]?[0-9])+)?)");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:0|[1-9][0-9_]*)(?:\\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
            + "|\\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
            + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
            + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
    private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
    private static final Pattern TIMESTAMP = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[Tt]|[ \\t]+)"
            + "(\\d{1,2}):(\\d{2}):(\\d{2})(?:\\.(\\d*))?(?:[ \\t]*(?:Z|([-+])(\\d{1,2})(?::(\\d{2}))?))?");
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

    private ScalarDialect() {}

    /** The value of a plain scalar: null, Boolean, Long, Double or String; a timestamp becomes its ISO text in UTC. */
    static @Nullable Object value(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> null;
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            // Nearly every scalar is a word: no number starts with a letter.
            default -> startsLikeNumber(text.charAt(0)) ? numberOrText(text) : text;
        };
    }

    private static boolean startsLikeNumber(char first) {
        return (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
    }

    private static Object numberOrText(String text) {
        Number integer = integer(text);
        if (integer != null) {
            return integer;
        }
        Double real = real(text);
        if (real != null) {
            return real;
        }
        String timestamp = timestamp(text);
        return timestamp == null ? text : timestamp;
    }

    private static @Nullable Number integer(String text) {
        Matcher matcher = INTEGER.matcher(text);
        if (!matcher.matches() || text.endsWith("_")) {
            return null;
        }
        BigInteger size = magnitude(matcher);
        if (size == null) {
            return null;
        }
        BigInteger value = matcher.group("sign").equals("-") ? size.negate() : size;
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : (Number) value.doubleValue();
    }

    private static @Nullable BigInteger magnitude(Matcher matcher) {
        if (matcher.group("bin") != null) {
            return digits(matcher.group("bin"), 2);
        }
        if (matcher.group("hex") != null) {
            return digits(matcher.group("hex"), 16);
        }
        if (matcher.group("oct") != null) {
            return digits("0" + matcher.group("oct"), 8);
        }
        BigInteger value = digits(matcher.group("dec"), 10);
        String sixty = matcher.group("sixty");
        if (sixty != null && value != null) {
            for (String part : sixty.substring(1).split(":", -1)) {
                value = value.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
            }
        }
        return value;
    }

    private static @Nullable BigInteger digits(String text, int radix) {
        String bare = text.replace("_", "");
        return bare.isEmpty() ? null : new BigInteger(bare, radix);
    }

    private static @Nullable Double real(String text) {
        if (!FLOAT.matcher(text).matches() || text.endsWith("_")) {
            return null;
        }
        boolean negative = text.startsWith("-");
        String bare = text.replace("_", "").substring(negative || text.startsWith("+") ? 1 : 0);
        double size = switch (bare) {
            case ".inf", ".Inf", ".INF" -> Double.POSITIVE_INFINITY;
            case ".nan", ".NaN", ".NAN" -> Double.NaN;
            default -> sexagesimal(bare);
        };
        return negative ? -size : size;
    }

    private static double sexagesimal(String text) {
        double value = 0;
        for (String part : text.split(":", -1)) {
            value = value * 60 + Double.parseDouble(part.equals(".") ? "0" : part);
        }
        return value;
    }

    private static @Nullable String timestamp(String text) {
        try {
            Matcher date = DATE.matcher(text);
            if (date.matches()) {
                return LocalDate.parse(text).atStartOfDay().format(ISO);
            }
            Matcher time = TIMESTAMP.matcher(text);
            return time.matches() ? moment(time).format(ISO) : null;
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    private static OffsetDateTime moment(Matcher time) {
        LocalDate day = LocalDate.of(number(time, 1), number(time, 2), number(time, 3));
        String fraction = time.group(7) == null ? "" : time.group(7);
        int millis = Integer.parseInt((fraction + "000").substring(0, 3));
        LocalTime clock = LocalTime.of(number(time, 4), number(time, 5), number(time, 6), millis * 1_000_000);
        int minutes =
                time.group(8) == null ? 0 : number(time, 9) * 60 + (time.group(10) == null ? 0 : number(time, 10));
        int shift = "-".equals(time.group(8)) ? minutes : -minutes;
        return OffsetDateTime.of(day, clock, ZoneOffset.UTC).plusMinutes(shift);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
