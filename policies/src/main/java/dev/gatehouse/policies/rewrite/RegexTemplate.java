package dev.gatehouse.policies.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The replacement text of JavaScript's {@code String.replace}: {@code $1}, {@code $<name>}, {@code $&}. Immutable. */
final class RegexTemplate {
    private static final Pattern REFERENCE = Pattern.compile("\\$(?:(\\$)|([&`'])|(\\d{1,2})|<([^>]*)>)");
    private static final int BEFORE = -1;
    private static final int BEHIND = -2;
    private static final int NOTHING = -3;

    /** @param group the group that follows the literal, 0 = the whole match, or one of the constants */
    private record Part(String literal, int group) {}

    private final List<Part> parts;

    private RegexTemplate(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * @param groups names of the groups of the pattern in order; empty = unnamed
     * @throws TemplateProblem for a group that the pattern does not have
     */
    static RegexTemplate parse(String written, List<String> groups) {
        List<Part> parts = new ArrayList<>();
        Matcher reference = REFERENCE.matcher(written);
        int copied = 0;
        while (reference.find()) {
            String literal = written.substring(copied, reference.start());
            copied = reference.end();
            if (reference.group(1) != null) {
                parts.add(part(literal + "$", NOTHING));
            } else if (reference.group(2) != null) {
                parts.add(part(literal, special(reference.group(2).charAt(0))));
            } else if (reference.group(3) != null) {
                int number = number(reference.group(3), groups.size());
                // A second digit that makes no group is text, as in JavaScript.
                copied = reference.start()
                        + 1
                        + (number < 10 && !reference.group(3).startsWith("0") ? 1 : 2);
                parts.add(part(literal, number));
            } else {
                parts.add(part(literal, named(reference.group(4), groups)));
            }
        }
        parts.add(part(written.substring(copied), NOTHING));
        return new RegexTemplate(parts);
    }

    private static Part part(String literal, int group) {
        if (literal.indexOf('\\') >= 0) {
            throw new TemplateProblem("E0493", "a backslash cannot stand in a target; '/' needs none before it");
        }
        return new Part(TargetText.encoded(literal), group);
    }

    private static int special(char sign) {
        return sign == '&' ? 0 : sign == '`' ? BEFORE : BEHIND;
    }

    private static int number(String digits, int groups) {
        int both = Integer.parseInt(digits);
        int number = both > groups && digits.length() == 2 ? both / 10 : both;
        if (number == 0 || number > groups) {
            throw new TemplateProblem("E0494", "'$" + digits + "' is no group of the pattern");
        }
        return number;
    }

    private static int named(String name, List<String> groups) {
        int index = name.isEmpty() ? -1 : groups.indexOf(name);
        if (index < 0) {
            throw new TemplateProblem("E0494", "'$<" + name + ">' is no group of the pattern");
        }
        return index + 1;
    }

    /** The template with the same harmless text for every reference. */
    String sample() {
        StringBuilder out = new StringBuilder();
        parts.forEach(part -> out.append(part.literal()).append(part.group() == NOTHING ? "" : "x"));
        return out.toString();
    }

    /**
     * The text with its first match replaced.
     *
     * @param found the match together with all behind it, the groups, and last what is behind the match
     */
    String replace(String subject, List<@Nullable String> found) {
        String fromMatch = String.valueOf(found.get(0));
        String behind = String.valueOf(found.get(found.size() - 1));
        String before = subject.substring(0, subject.length() - fromMatch.length());
        StringBuilder out = new StringBuilder(before);
        for (Part part : parts) {
            out.append(part.literal());
            switch (part.group()) {
                case NOTHING -> {}
                case BEFORE -> out.append(before);
                case BEHIND -> out.append(behind);
                case 0 -> out.append(fromMatch, 0, fromMatch.length() - behind.length());
                default -> {
                    String group = found.get(part.group());
                    out.append(group == null ? "" : group);
                }
            }
        }
        return out.append(behind).toString();
    }
}
