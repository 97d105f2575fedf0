package dev.gatehouse.policies.rewrite;

import dev.gatehouse.route.PathPattern;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path of Express, matched from start to end as the paths of apiEndpoints are. */
final class ExpressMatch implements TargetMatch {
    // The plugin's path syntax is newer than the one of Express 4: a repeated parameter takes all its segments.
    private static final Pattern REPEATED = Pattern.compile("(?<!\\\\):(\\w+)([*+])");
    private static final Pattern PARAMETER = Pattern.compile("(?<!\\\\):(\\w+)");

    private static final Pattern UNNAMED = Pattern.compile("\\\\.|:\\w+(?:\\([^)]*\\))?[*+?]?|(\\*|\\((?!\\?))");

    private final PathPattern pattern;
    private final boolean withQuery;
    private final Set<String> names = new HashSet<>();

    /** @throws IllegalArgumentException with a sentence for the operator when it is no path pattern */
    ExpressMatch(String written) {
        Matcher repeated = REPEATED.matcher(written);
        String path = repeated.replaceAll(found ->
                Matcher.quoteReplacement(":" + found.group(1) + (found.group(2).equals("*") ? "(.+)?" : "(.+)")));
        pattern = PathPattern.express(path);
        withQuery = TargetMatch.mentionsQuery(written);
        PARAMETER.matcher(written).results().forEach(found -> names.add(found.group(1)));
        long unnamed = UNNAMED.matcher(written)
                .results()
                .filter(found -> found.group(1) != null)
                .count();
        for (int i = 0; i < unnamed; i++) {
            names.add(String.valueOf(i));
        }
    }

    @Override
    public boolean matches(String target) {
        return pattern.matches(target, end(target));
    }

    @Override
    public Rewriting rewriting(String template) {
        PathTemplate compiled = PathTemplate.parse(template, names);
        NewTarget.checkSample(compiled.sample());
        return target -> {
            if (!matches(target)) {
                return null;
            }
            Map<String, String> captured =
                    pattern.captures(target.substring(0, end(target))).parameters();
            String result = compiled.fill(captured);
            return withQuery ? result : TargetText.withQueryOf(result, target);
        };
    }

    private int end(String target) {
        return withQuery ? target.length() : TargetText.pathEnd(target);
    }
}
