package dev.gatehouse.policies.rewrite;

import dev.gatehouse.expression.JsPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A JavaScript regular expression, found anywhere. Searching is bounded in time; what takes longer ends with 500. */
final class RegexMatch implements TargetMatch {
    private static final Pattern GROUP = Pattern.compile(
            "\\\\.|\\[(?:\\\\.|[^\\]\\\\])*\\]|\\(\\?<([A-Za-z_$][\\w$]*)>|(\\()(?!\\?)", Pattern.DOTALL);

    private final JsPattern pattern;
    private final JsPattern patternAndRest;
    private final boolean withQuery;
    private final List<String> groups = new ArrayList<>();

    /** @throws IllegalArgumentException with a sentence for the operator when it is no regular expression */
    RegexMatch(String written) {
        pattern = JsPattern.compile(written, "");
        // The rest is captured as well, because from its length follows where the match stands. The first match stays
        // the same, as a rest is always there, and so do the numbers of the groups.
        patternAndRest = JsPattern.compile("(?:" + written + ")([\\s\\S]*)$", "");
        withQuery = TargetMatch.mentionsQuery(written);
        GROUP.matcher(written).results().forEach(found -> {
            if (found.group(1) != null || found.group(2) != null) {
                groups.add(found.group(1) == null ? "" : found.group(1));
            }
        });
    }

    @Override
    public boolean matches(String target) {
        return pattern.find(subject(target));
    }

    @Override
    public Rewriting rewriting(String template) {
        RegexTemplate compiled = RegexTemplate.parse(template, groups);
        NewTarget.checkSample(compiled.sample());
        return target -> {
            String subject = subject(target);
            List<@Nullable String> found = patternAndRest.groups(subject);
            if (found == null) {
                return null;
            }
            String result = compiled.replace(subject, found);
            return withQuery ? result : TargetText.withQueryOf(result, target);
        };
    }

    private String subject(String target) {
        return withQuery ? target : target.substring(0, TargetText.pathEnd(target));
    }
}
