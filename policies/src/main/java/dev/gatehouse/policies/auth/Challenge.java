package dev.gatehouse.policies.auth;

/**
 * The value of one {@code WWW-Authenticate} field (RFC 9110 section 11.6.1, RFC 6750 section 3), made at start.
 * Immutable.
 */
public final class Challenge {
    private final String text;

    private Challenge(String text) {
        this.text = text;
    }

    /**
     * A challenge with its realm and nothing else.
     *
     * @param scheme a token of RFC 9110, such as {@code Bearer}
     */
    public static Challenge of(String scheme, String realm) {
        return new Challenge(scheme + " realm=" + quoted(realm));
    }

    /** The same challenge with one more parameter. */
    public Challenge with(String name, String value) {
        return new Challenge(text + ", " + name + "=" + quoted(value));
    }

    /** The field value. */
    public String text() {
        return text;
    }

    /** A quoted-string of RFC 9110 section 5.6.4; what is not printable ASCII is left out. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            if (c >= 0x20 && c < 0x7f) {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
