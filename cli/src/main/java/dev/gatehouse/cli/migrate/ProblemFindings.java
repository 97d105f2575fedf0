package dev.gatehouse.cli.migrate;

import dev.gatehouse.cli.migrate.Finding.Group;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the reader and the builder found, in the words of a move. */
final class ProblemFindings {
    private static final Set<String> MISSING = Set.of("E0303", "E0304", "E0401", "E0402", "E0403", "E0404", "E0422");
    /** Warnings that tell of something that worked in Express Gateway. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("W0502", "W0508");
    /** Warnings that tell of something that was less safe there. */
    private static final Set<String> SAFER = Set.of("W0506", "W0507", "W0509");

    private static final Pattern NAMED = Pattern.compile("((?:[a-z]+ ){0,3}'[^']+') (.*)", Pattern.DOTALL);
    private static final Pattern UNKNOWN = Pattern.compile("there is no (policy '[^']+')");
    private static final Pattern STEP = Pattern.compile("pipelines\\..*?\\.policies(?:\\[\\d+])?\\.([A-Za-z0-9_-]+).*");

    private final List<Problem> problems;

    ProblemFindings(List<Problem> problems) {
        this.problems = problems;
    }

    /** What a problem means; null = it says nothing about the move. */
    @Nullable
    Finding of(Problem problem) {
        Span place = problem.span();
        if (place == null) {
            return null;
        }
        if (problem.severity() == Severity.ERROR) {
            return error(problem, place);
        }
        if (problem.code().equals("W0306")) {
            return Finding.safer(
                    place,
                    first(problem),
                    "answers 404 where no policy answers (was: the next api endpoint)",
                    "keep old: compat.fallThrough: true");
        }
        if (problem.code().equals("W0315")) {
            return Finding.safer(
                    place, "hostRegex", "is anchored as a whole (was: its first and last part)", Finding.FOR_GOOD);
        }
        return warning(problem, place);
    }

    private Finding error(Problem problem, Span place) {
        if (problem.code().equals("E0105")) {
            return Finding.of(
                    Group.DIFFERS,
                    place,
                    first(problem).replace("environment variable", "variable"),
                    "is not set, which stops the start (was: read as null)",
                    "set it, or write ${NAME:-default}");
        }
        if (problem.code().equals("E0403") || problem.code().equals("E0404")) {
            return Finding.of(
                    Group.MISSING, place, first(problem), "JavaScript plugins do not run", "see guide \"Plugins\"");
        }
        Matcher unknown = UNKNOWN.matcher(problem.message());
        if (unknown.matches()) {
            return Finding.of(Group.MISSING, place, unknown.group(1), "does not exist", hint(problem));
        }
        Group group = MISSING.contains(problem.code()) ? Group.MISSING : Group.DIFFERS;
        return Finding.of(group, place, subject(problem), what(problem), hint(problem));
    }

    private @Nullable Finding warning(Problem problem, Span place) {
        if (problem.code().equals("W0108")) {
            String plugin = problem.path().substring("plugins.".length());
            boolean missed = problems.stream()
                    .anyMatch(other -> Set.of("E0403", "E0404").contains(other.code())
                            && other.message().contains("plugin '" + plugin + "'"));
            return missed ? null : Finding.of(Group.IGNORED, place, first(problem), "no pipeline needs it", "");
        }
        if (problem.code().equals("W0401")) {
            return Finding.of(Group.IGNORED, place, first(problem), "is listed only; no pipeline uses it", "");
        }
        if (problem.code().equals("W0106")) {
            return Finding.of(Group.IGNORED, place, "unreadable", problem.message(), "");
        }
        if (WITHOUT_EFFECT.contains(problem.code())) {
            return Finding.of(Group.DIFFERS, place, subject(problem), what(problem), hint(problem));
        }
        return SAFER.contains(problem.code())
                ? Finding.safer(place, subject(problem), what(problem), Finding.FOR_GOOD)
                : null;
    }

    /** {@code policy 'x'} of a message that begins with it. */
    private static String first(Problem problem) {
        Matcher named = NAMED.matcher(problem.message());
        return named.matches() ? named.group(1) : subject(problem);
    }

    private static String subject(Problem problem) {
        Matcher named = NAMED.matcher(problem.message());
        if (MISSING.contains(problem.code()) && named.matches()) {
            return named.group(1);
        }
        Matcher step = STEP.matcher(problem.path());
        if (step.matches()) {
            return step.group(1);
        }
        int dot = problem.path().indexOf('.');
        return problem.path().isEmpty()
                ? problem.code()
                : dot < 0 ? problem.path() : problem.path().substring(0, dot);
    }

    private static String what(Problem problem) {
        Matcher named = NAMED.matcher(problem.message());
        return MISSING.contains(problem.code()) && named.matches() ? named.group(2) : problem.message();
    }

    private static String hint(Problem problem) {
        String hint = problem.hints().isEmpty() ? "" : problem.hints().get(0);
        return hint.endsWith(".") ? hint.substring(0, hint.length() - 1) : hint;
    }
}
