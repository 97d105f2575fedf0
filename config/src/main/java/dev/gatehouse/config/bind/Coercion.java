package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.JsRegExp;
import dev.gatehouse.config.yaml.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns scalars into the declared type as ajv's {@code coerceTypes} does, by which Express Gateway reads its files:
 * {@code "8080"} is a number where a number is declared and {@code 8080} a text where a text is.
 */
final class Coercion {
    private static final Pattern DURATION = Pattern.compile("(?<size>\\d+(?:\\.\\d+)?) ?(?<unit>ms|s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?");
    private static final Pattern RADIX =
            Pattern.compile("0(?:[xX](?<hex>[0-9a-fA-F]+)|[oO](?<oct>[0-7]+)|[bB](?<bin>[01]+))");
    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(100L * 365 * 86_400);

    private Coercion() {}

    /** The value as a {@code type}, or null when it does not fit. */
    static @Nullable Object convert(Node.Scalar scalar, Class<?> type, ChronoUnit unit) {
        if (scalar.value() instanceof JsRegExp) {
            return null;
        }
        if (type == String.class) {
            return text(scalar);
        }
        if (type == Secret.class) {
            return new Secret(text(scalar));
        }
        if (type == boolean.class || type == Boolean.class) {
            return truth(scalar.value());
        }
        if (type == Duration.class) {
            return duration(scalar, unit);
        }
        if (type == URI.class) {
            return uri(scalar);
        }
        if (type == Path.class) {
            return path(scalar);
        }
        if (type.isEnum()) {
            return constant(scalar, type);
        }
        return number(scalar, type);
    }

    /** What a value of {@code type} is called in a message. */
    static String expected(Class<?> type, ChronoUnit unit) {
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == Duration.class) {
            return "a number of " + units(unit) + " or a duration such as 30s";
        }
        if (type == URI.class) {
            return "an absolute URL";
        }
        if (type == Path.class) {
            return "the name of a file";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return "one of " + String.join(", ", names(type));
        }
        return type == String.class || type == Secret.class ? "a text" : "a number";
    }

    /** The names of an enum in the file. */
    static List<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> fileName(((Enum<?>) constant).name()))
                .toList();
    }

    private static String units(ChronoUnit unit) {
        return unit == ChronoUnit.MILLIS ? "milliseconds" : unit.toString().toLowerCase(Locale.ROOT);
    }

    private static String fileName(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String text(Node.Scalar scalar) {
        // A date stays as written: only JavaScript makes an object of it.
        return scalar.value() instanceof String ? scalar.text() : scalar.asText();
    }

    private static @Nullable Boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value == null || value.equals("false") || value.equals(0L) || value.equals(0.0)) {
            return false;
        }
        boolean one = value.equals("true") || value.equals(1L) || value.equals(1.0);
        return one ? true : null;
    }

    private static @Nullable Object number(Node.Scalar scalar, Class<?> type) {
        if (scalar.value() instanceof Double real && (real.isNaN() || real.isInfinite())) {
            return null;
        }
        BigDecimal number = decimal(scalar);
        if (number == null) {
            return null;
        }
        if (type == double.class || type == Double.class) {
            return number.doubleValue();
        }
        try {
            return type == int.class || type == Integer.class
                    ? (Object) number.intValueExact()
                    : (Object) number.longValueExact();
        } catch (ArithmeticException fractionOrTooLarge) {
            return null;
        }
    }

    private static @Nullable BigDecimal decimal(Node.Scalar scalar) {
        Object value = scalar.value();
        if (value == null || Boolean.FALSE.equals(value)) {
            return BigDecimal.ZERO;
        }
        if (Boolean.TRUE.equals(value)) {
            return BigDecimal.ONE;
        }
        if (value instanceof Long number) {
            return BigDecimal.valueOf(number);
        }
        return value instanceof Double number
                ? BigDecimal.valueOf(number)
                : decimal(scalar.text().strip());
    }

    /** JavaScript's {@code Number(text)}, without its value 0 for an empty text. */
    private static @Nullable BigDecimal decimal(String text) {
        Matcher radix = RADIX.matcher(text);
        if (radix.matches()) {
            int base = radix.group("hex") != null ? 16 : radix.group("oct") != null ? 8 : 2;
            return new BigDecimal(new BigInteger(text.substring(2), base));
        }
        // A text with a huge exponent would cost memory when it becomes a whole number.
        return NUMBER.matcher(text).matches() && text.length() <= 32 && Double.isFinite(Double.parseDouble(text))
                ? new BigDecimal(text)
                : null;
    }

    private static @Nullable Duration duration(Node.Scalar scalar, ChronoUnit unit) {
        Matcher written = DURATION.matcher(scalar.text().strip());
        if (!written.matches()) {
            BigDecimal number =
                    scalar.value() instanceof Double real && !Double.isFinite(real) ? null : decimal(scalar);
            return number == null ? null : duration(number, unit);
        }
        ChronoUnit given = switch (written.group("unit")) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
        return duration(new BigDecimal(written.group("size")), given);
    }

    private static @Nullable Duration duration(BigDecimal number, ChronoUnit unit) {
        BigDecimal seconds = number.multiply(
                        BigDecimal.valueOf(unit.getDuration().toNanos()), java.math.MathContext.DECIMAL128)
                .movePointLeft(9);
        return seconds.abs().compareTo(LONGEST_SECONDS) > 0
                ? null
                : Duration.ofNanos(seconds.movePointRight(9).longValue());
    }

    private static @Nullable URI uri(Node.Scalar scalar) {
        try {
            URI uri = new URI(scalar.text());
            return uri.isAbsolute() ? uri : null;
        } catch (URISyntaxException notAUri) {
            return null;
        }
    }

    private static @Nullable Path path(Node.Scalar scalar) {
        try {
            return scalar.text().isEmpty() ? null : Path.of(scalar.text());
        } catch (InvalidPathException notAPath) {
            return null;
        }
    }

    private static @Nullable Object constant(Node.Scalar scalar, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (fileName(((Enum<?>) constant).name()).equals(scalar.text())) {
                return constant;
            }
        }
        return null;
    }
}
