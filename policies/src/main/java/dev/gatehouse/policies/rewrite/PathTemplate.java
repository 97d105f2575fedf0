package dev.gatehouse.policies.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path with {@code :name} in it, filled with what a pattern captured. Captures are put in as they arrived, with their
 * percent-encoding: decoding {@code %2F} or {@code %0A} would make another path of it. Immutable.
 */
final class PathTemplate {
    private static final Pattern TOKEN =
            Pattern.compile("\\\\(.)|:(\\w+)(?:\\([^)]*\\))?(?:[*+]|\\?(?=[/.#-]|$))?|\\(\\.\\*\\)|\\*");

    /**
     * @param literal what stands before the parameter
     * @param name the parameter; null = the template ends
     */
    private record Part(String literal, @Nullable String name) {}

    private final List<Part> parts;

    private PathTemplate(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * @param names the parameters of the pattern; unnamed ones are numbered from 0. A number that is none of them, such
     *     as a port or a time, and a star beyond the last one stand for themselves
     * @throws TemplateProblem for a parameter that the pattern does not have
     */
    static PathTemplate parse(String written, Set<String> names) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        Matcher token = TOKEN.matcher(written);
        int copied = 0;
        int unnamed = 0;
        while (token.find()) {
            literal.append(written, copied, token.start());
            copied = token.end();
            String name = token.group(2) == null ? String.valueOf(unnamed) : token.group(2);
            if (token.group(1) != null) {
                literal.append(token.group(1));
                continue;
            }
            if (!names.contains(name)) {
                if (!name.matches("\\d+")) {
                    throw new TemplateProblem("E0494", "':" + name + "' is no parameter of the pattern");
                }
                literal.append(token.group());
                continue;
            }
            unnamed += token.group(2) == null ? 1 : 0;
            parts.add(new Part(TargetText.encoded(literal.toString()), name));
            literal.setLength(0);
        }
        parts.add(new Part(TargetText.encoded(literal + written.substring(copied)), null));
        return new PathTemplate(parts);
    }

    /** The template with the same harmless text for every parameter. */
    String sample() {
        StringBuilder out = new StringBuilder();
        parts.forEach(part -> out.append(part.literal()).append(part.name() == null ? "" : "x"));
        boolean path = parts.get(0).literal().isEmpty() || "/?#".indexOf(out.charAt(0)) >= 0;
        if (!path) {
            throw new TemplateProblem("E0493", "a path begins with '/'");
        }
        return out.toString();
    }

    /** A named parameter that captured nothing goes together with the slash before it. */
    String fill(Map<String, String> captured) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            out.append(part.literal());
            String value = part.name() == null ? "" : captured.getOrDefault(part.name(), "");
            boolean dropsSlash = part.name() != null && value.isEmpty() && out.length() > 1 && !isNumber(part.name());
            if (dropsSlash && out.charAt(out.length() - 1) == '/') {
                out.setLength(out.length() - 1);
            }
            out.append(value);
        }
        return out.toString();
    }

    private static boolean isNumber(String name) {
        return name.charAt(0) >= '0' && name.charAt(0) <= '9';
    }
}
