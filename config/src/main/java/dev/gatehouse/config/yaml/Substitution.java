package dev.gatehouse.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the references of a whole text in one pass, as Express Gateway does: comments and keys included, values are
 * not searched again. Two kinds are not replaced by text but by a placeholder that the parser takes for an ordinary
 * word: variables without a value, so that the option that needs them can be named, and the content of files, which is
 * data and can never become YAML.
 */
final class Substitution {
    /** Properties of the request context: {@code ${word}} may be meant for a template and not for the environment. */
    private static final Set<String> CONTEXT_WORDS = Set.of("requestID", "consumer", "req", "res", "apiEndpoint");

    private static final Pattern REFERENCE = Pattern.compile("(?<escape>\\$?)\\$\\{(?:(?<name>[A-Za-z0-9_]+)"
            + "(?<fallback>:-(?<default>.*?))?|file:(?!-)(?<file>[^}\\r\\n]+))}");

    /** Reads the files of {@code ${file:…}}. */
    @FunctionalInterface
    interface Files {
        /** The content without its last line end, or null when it cannot be read. */
        @Nullable
        String read(String path);
    }

    /**
     * A reference and what stands in its place.
     *
     * @param from first character in the text as written
     * @param to the character behind it
     * @param outFrom first character in the result
     * @param outTo the character behind it
     * @param name the variable or file
     * @param reads its value; null when there is none
     * @param placeholder whether the result has a placeholder instead of the value
     * @param file whether it names a file
     */
    record Piece(
            int from,
            int to,
            int outFrom,
            int outTo,
            String name,
            @Nullable String reads,
            boolean placeholder,
            boolean file) {
        boolean mayBeTemplate() {
            return !file && reads == null && CONTEXT_WORDS.contains(name);
        }
    }

    /**
     * @param text the text as written
     * @param out the text to parse
     * @param pieces in text order
     */
    record Result(String text, String out, List<Piece> pieces) {
        /** Puts back what the placeholders in a parsed value stand for. */
        String restore(String value) {
            String restored = value;
            for (int i = 0; i < pieces.size() && restored.indexOf('\uE000') >= 0; i++) {
                Piece piece = pieces.get(i);
                if (piece.placeholder()) {
                    String content = piece.file() && piece.reads() != null
                            ? piece.reads()
                            : text.substring(piece.from(), piece.to());
                    restored = restored.replace(placeholder(i), content);
                }
            }
            return restored;
        }
    }

    private final Map<String, String> environment;
    private final Files files;

    Substitution(Map<String, String> environment, Files files) {
        this.environment = environment;
        this.files = files;
    }

    Result apply(String text) {
        StringBuilder out = new StringBuilder(text.length() + 64);
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = REFERENCE.matcher(text);
        int done = 0;
        while (matcher.find()) {
            out.append(text, done, matcher.start());
            pieces.add(replace(matcher, out, pieces.size()));
            done = matcher.end();
        }
        out.append(text, done, text.length());
        return new Result(text, out.toString(), pieces);
    }

    private Piece replace(Matcher reference, StringBuilder out, int index) {
        int outFrom = out.length();
        String file = reference.group("file");
        String name = file == null ? reference.group("name") : file;
        String reads = reads(reference, file);
        boolean escaped = !reference.group("escape").isEmpty();
        boolean placeholder = !escaped && (file != null || reads == null);
        out.append(placeholder || reads == null ? placeholder(index) : reads);
        return new Piece(
                reference.start(), reference.end(), outFrom, out.length(), name, reads, placeholder, file != null);
    }

    private @Nullable String reads(Matcher reference, @Nullable String file) {
        if (!reference.group("escape").isEmpty()) {
            return reference.group().substring(1);
        }
        if (file != null) {
            return files.read(file);
        }
        String set = environment.get(reference.group("name"));
        return set != null ? set : reference.group("default");
    }

    private static String placeholder(int index) {
        return "\uE000" + index + "\uE001";
    }
}
