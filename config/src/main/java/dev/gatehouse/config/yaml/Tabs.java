package dev.gatehouse.config.yaml;

/** Where tabs stand in a line. */
final class Tabs {
    private Tabs() {}

    /** Whether the tab at {@code offset} separates tokens or stands on an otherwise empty line, and does not indent. */
    static boolean separates(String text, int offset) {
        if (offset < 0 || offset >= text.length() || text.charAt(offset) != '\t') {
            return false;
        }
        return !text.substring(lineStart(text, offset), offset).isBlank()
                || text.substring(offset, lineEnd(text, offset)).isBlank();
    }

    /** The text with spaces for the run of tabs and spaces around {@code offset}; its length stays. */
    static String replaceRun(String text, int offset) {
        int from = offset;
        int to = offset;
        while (from > 0 && isBlank(text.charAt(from - 1))) {
            from--;
        }
        while (to < text.length() && isBlank(text.charAt(to))) {
            to++;
        }
        return text.substring(0, from) + " ".repeat(to - from) + text.substring(to);
    }

    /** Offset of the first tab in the indentation of the line of {@code offset}, or -1. */
    static int inIndentation(String text, int offset) {
        for (int i = lineStart(text, offset); i < text.length() && isBlank(text.charAt(i)); i++) {
            if (text.charAt(i) == '\t') {
                return i;
            }
        }
        return -1;
    }

    static int lineStart(String text, int offset) {
        int at = Math.min(offset, text.length());
        while (at > 0 && !isBreak(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    static int lineEnd(String text, int offset) {
        int at = Math.min(offset, text.length());
        while (at < text.length() && !isBreak(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isBreak(char c) {
        return c == '\n' || c == '\r';
    }
}
