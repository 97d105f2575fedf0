package dev.gatehouse.cli.trytoken;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What other servers sent, fit for a terminal: without the token, which a server may repeat, and without characters
 * that a terminal obeys. Immutable.
 */
final class Printable {
    private static final String MASK = "***";

    private final String token;
    private final String encoded;

    Printable(String token) {
        this.token = token;
        encoded = URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    /** The text in one line. */
    String text(String foreign) {
        String masked = foreign.replace(token, MASK).replace(encoded, MASK);
        StringBuilder text = new StringBuilder(masked.length());
        masked.codePoints().map(Printable::visible).forEach(text::appendCodePoint);
        return text.toString();
    }

    /** The first characters of a text, runs of blanks as one. */
    String start(String foreign, int length) {
        String text = text(foreign).replaceAll(" +", " ").strip();
        int end = Math.min(text.length(), length);
        // Half a pair of surrogates is no character.
        return text.substring(0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    private static int visible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> ' ';
            default -> c;
        };
    }
}
