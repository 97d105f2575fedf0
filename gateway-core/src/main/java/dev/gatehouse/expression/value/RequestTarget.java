package dev.gatehouse.expression.value;

import java.nio.charset.StandardCharsets;

/** Checks a request-target that a script assigned: nothing ambiguous may reach a service. Pure. */
public final class RequestTarget {
    private static final int LONGEST = 16_384;

    private RequestTarget() {}

    /**
     * The target in origin form, without a fragment.
     *
     * @throws ExpressionFailure when it does not start with a slash, has a character that needs percent-encoding, a
     *     broken percent-encoding, a backslash or a dot segment
     */
    public static String checked(String target) {
        int hash = target.indexOf('#');
        String origin = hash < 0 ? target : target.substring(0, hash);
        if (origin.isEmpty() || origin.charAt(0) != '/' || origin.length() > LONGEST) {
            throw refused("must be a path that starts with '/'");
        }
        int query = origin.indexOf('?');
        checkCharacters(origin);
        checkSegments(query < 0 ? origin : origin.substring(0, query));
        return origin;
    }

    /** An address with every octet percent-encoded that may not stand in one; what is encoded stays. Pure. */
    public static String encoded(String address) {
        StringBuilder text = new StringBuilder(address.length());
        for (byte octet : address.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (c <= ' ' || c > '~' || "\"<>\\^`{}".indexOf(c) >= 0) {
                text.append('%');
                text.append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
                text.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static void checkCharacters(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c > '~' || c == '\\') {
                throw refused("must be percent-encoded");
            }
            if (c == '%' && !(isHex(target, i + 1) && isHex(target, i + 2))) {
                throw refused("has a broken percent-encoding");
            }
        }
    }

    private static void checkSegments(String path) {
        for (String segment : path.split("/", -1)) {
            String plain = segment.replace("%2e", ".").replace("%2E", ".");
            if (plain.equals(".") || plain.equals("..")) {
                throw refused("must not have a segment '.' or '..'");
            }
        }
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && Character.digit(text.charAt(at), 16) >= 0;
    }

    private static ExpressionFailure refused(String rule) {
        return new ExpressionFailure(ExpressionFailure.Kind.ERROR, "the value assigned to 'req.url' " + rule);
    }
}
