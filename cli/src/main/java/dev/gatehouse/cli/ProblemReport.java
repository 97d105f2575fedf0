package dev.gatehouse.cli;

import dev.gatehouse.cli.run.Counts;
import dev.gatehouse.cli.run.Json;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.report.ProblemPrinter;
import java.io.PrintStream;
import java.util.List;

/** Prints what is wrong with a configuration. */
final class ProblemReport {
    /** Most problems that are printed when nothing else is asked for. */
    static final int MOST = 50;

    private final List<Problem> problems;
    private final PrintStream out;
    private final boolean colour;

    ProblemReport(Problems problems, PrintStream out, boolean colour) {
        this.problems = ProblemPrinter.inFileOrder(problems);
        this.out = out;
        this.colour = colour;
    }

    /** Prints the first {@code most} problems for people, and how many there are beyond. */
    void print(int most) {
        for (Problem problem : problems.subList(0, Math.min(most, problems.size()))) {
            out.println(ProblemPrinter.text(problem, colour));
        }
        if (problems.size() > most) {
            out.println(Counts.of(problems.size() - most, "more problem") + "; '--max-problems N' shows them");
        }
    }

    /** Prints all problems as one JSON array. */
    void printJson() {
        out.writeBytes(Json.bytes(problems.stream().map(ProblemPrinter::members).toList()));
        out.println();
    }

    /** {@code 2 errors, 1 warning}. */
    String counts() {
        long errors =
                problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
        return Counts.of(errors, "error") + ", " + Counts.of(problems.size() - errors, "warning");
    }
}
