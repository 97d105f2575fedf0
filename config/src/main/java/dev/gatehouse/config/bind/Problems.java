package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects problems while a configuration is read and built. Confined to the thread that builds. */
public final class Problems {
    private static final String UNSET_VARIABLE = "E0105";

    private final List<Problem> all = new ArrayList<>();
    // Where something was reported; the hash of a span would be that of the whole file.
    private final Set<Place> places = new HashSet<>();
    private final boolean strict;

    public Problems() {
        this(false);
    }

    /** With {@code strict}, warnings are errors of the same code ({@code --strict}). */
    public Problems(boolean strict) {
        this.strict = strict;
    }

    public void error(String code, @Nullable Span span, String path, String message, String... hints) {
        add(new Problem(code, Severity.ERROR, span, path, message, List.of(hints)));
    }

    public void warn(String code, @Nullable Span span, String path, String message, String... hints) {
        add(new Problem(code, strict ? Severity.ERROR : Severity.WARNING, span, path, message, List.of(hints)));
    }

    /**
     * Adds a problem, unless the same is known: what an anchor holds is read once for each alias. A second report of an
     * unset variable replaces the first, because whoever binds the value knows what it must be.
     */
    public void add(Problem problem) {
        boolean placeIsNew = places.add(Place.of(problem));
        if (!placeIsNew && all.contains(problem)) {
            return;
        }
        for (int i = 0; i < all.size() && problem.code().equals(UNSET_VARIABLE); i++) {
            if (isSamePlace(all.get(i), problem)) {
                all.set(i, problem);
                return;
            }
        }
        all.add(problem);
    }

    public boolean hasErrors() {
        return all.stream().anyMatch(p -> p.severity() == Severity.ERROR);
    }

    /** All problems in the order in which they were found. */
    public List<Problem> all() {
        return Collections.unmodifiableList(all);
    }

    private record Place(String code, int line, int column, String path) {
        static Place of(Problem problem) {
            Span span = problem.span();
            return new Place(
                    problem.code(), span == null ? 0 : span.line(), span == null ? 0 : span.column(), problem.path());
        }
    }

    private static boolean isSamePlace(Problem a, Problem b) {
        return a.code().equals(b.code()) && a.span() != null && a.span().equals(b.span());
    }
}
