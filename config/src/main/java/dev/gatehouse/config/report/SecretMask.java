package dev.gatehouse.config.report;

import dev.gatehouse.config.bind.SecretNames;
import dev.gatehouse.config.report.MaskedLine.Region;
import dev.gatehouse.config.yaml.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the secrets that are written literally in a file. It works on lines and not on nodes, because the file that is
 * shown is often one that cannot be parsed, and it rather hides too much: everything that belongs to a key with a
 * secret name, at any depth, until the indentation ends. References stay, because they show what is wrong and reveal
 * nothing.
 */
final class SecretMask {
    /** Sections whose keys are names that people choose: an api endpoint called token is no secret. */
    private static final Set<String> NAMING = Set.of("apiEndpoints", "serviceEndpoints", "pipelines", "tls");

    private static final Pattern LEAD = Pattern.compile("\\s*(?:- +)*");
    private static final Pattern KEY =
            Pattern.compile("(?<quote>[\"']?)(?<key>[\\w.$-]+)\\k<quote>(?:\\s*:(?=\\s|$|[\"'\\[{])|=)\\s*");
    private static final Pattern BLOCK = Pattern.compile("[|>][-+0-9]*(?:\\s.*)?");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(?:[\\w]+(?<default>:-[^}]*)?|file:[^}]*)}");
    private static final Pattern USER_INFO = Pattern.compile("//[^/\\s:@'\"]+:(?<value>[^/\\s@'\"]+)@");
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)\\b(?:bearer|basic) +(?<value>[\\w+/=.~-]{8,})");

    private record Parent(int indent, String key, boolean secret) {}

    private final Deque<Parent> parents = new ArrayDeque<>();
    private List<Region> found = new ArrayList<>();
    private int block = -1;

    private SecretMask() {}

    /** The lines of {@code source} from {@code first} to {@code last}, from 1, as far as they exist. */
    static List<MaskedLine> lines(Source source, int first, int last) {
        SecretMask mask = new SecretMask();
        List<MaskedLine> lines = new ArrayList<>();
        int end = Math.min(last, source.lines().size());
        for (int number = 1; number <= end; number++) {
            String line = source.lines().get(number - 1);
            mask.found = new ArrayList<>();
            mask.visit(line);
            if (number >= first) {
                lines.add(new MaskedLine(line, mask.found));
            }
        }
        return lines;
    }

    private void visit(String line) {
        addAll(USER_INFO, line);
        addAll(CREDENTIALS, line);
        Matcher lead = LEAD.matcher(line);
        int start = lead.lookingAt() ? lead.end() : 0;
        if (start == line.length()) {
            return;
        }
        if (line.charAt(start) == '#') {
            pairs(line, start, false);
            return;
        }
        int spaces = line.length() - line.stripLeading().length();
        if (block >= 0 && spaces > block) {
            hide(line, start, line.length());
            return;
        }
        block = -1;
        structure(line, start);
    }

    private void structure(String line, int start) {
        while (!parents.isEmpty() && parents.peek().indent() >= start) {
            parents.pop();
        }
        boolean inSecret = !parents.isEmpty() && parents.peek().secret();
        boolean named = !parents.isEmpty() && NAMING.contains(parents.peek().key());
        Matcher key = KEY.matcher(line).region(start, line.length());
        if (key.lookingAt() && key.group().contains(":")) {
            boolean secret = inSecret || (!named && SecretNames.matches(key.group("key")));
            parents.push(new Parent(start, key.group("key"), secret));
            if (secret) {
                value(line, key.end(), start);
            }
            pairs(line, key.end(), named);
        } else if (inSecret) {
            hide(line, start, line.length());
        } else {
            pairs(line, start, named);
        }
    }

    /** Keys further on in the line: flow mappings, JSON, form parameters. */
    private void pairs(String line, int from, boolean named) {
        Matcher key = KEY.matcher(line);
        for (int at = from; at < line.length() && key.find(at); at = key.end()) {
            if (SecretNames.matches(key.group("key")) && !(named && key.start() == from)) {
                value(line, key.end(), -1);
            }
        }
    }

    private void value(String line, int from, int indent) {
        String rest = line.substring(from);
        if (rest.isEmpty()) {
            return;
        }
        if (indent >= 0 && BLOCK.matcher(rest).matches()) {
            block = indent;
            return;
        }
        char first = rest.charAt(0);
        if (first == '\'' || first == '"') {
            int close = rest.indexOf(first, 1);
            while (first == '"' && close > 0 && rest.charAt(close - 1) == '\\') {
                close = rest.indexOf(first, close + 1);
            }
            hide(line, from + 1, close < 0 ? line.length() : from + close);
            return;
        }
        boolean inside = indent < 0 && first != '{' && first != '[';
        hide(line, from, inside ? from + endOfWord(rest) : line.length());
    }

    private static int endOfWord(String rest) {
        int end = 0;
        while (end < rest.length() && ",}]&'\"".indexOf(rest.charAt(end)) < 0) {
            int brace = rest.startsWith("${", end) ? rest.indexOf('}', end) : -1;
            end = brace < 0 ? end + 1 : brace + 1;
        }
        return end;
    }

    private void addAll(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        while (matcher.find()) {
            hide(line, matcher.start("value"), matcher.end("value"));
        }
    }

    /** Hides a part of the line but for its references, of which only the default is hidden. */
    private void hide(String line, int from, int to) {
        int end = from + line.substring(from, to).stripTrailing().length();
        Matcher reference = REFERENCE.matcher(line).region(from, end);
        int done = from;
        while (reference.find()) {
            found.add(new Region(done, reference.start()));
            if (reference.group("default") != null) {
                found.add(new Region(reference.start("default") + 2, reference.end("default")));
            }
            done = reference.end();
        }
        found.add(new Region(done, end));
    }
}
