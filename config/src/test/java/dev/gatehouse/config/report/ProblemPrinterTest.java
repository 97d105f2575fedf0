package dev.gatehouse.config.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProblemPrinterTest {
    private static Problem problem(Source source, int line, int column, int endLine, int endColumn) {
        return new Problem(
                "E0203", Severity.ERROR, new Span(source, line, column, endLine, endColumn), "a.b", "wrong", List.of());
    }

    private static String carets(String printed) {
        return printed.lines()
                .filter(line -> line.startsWith("      | "))
                .findFirst()
                .orElse("");
    }

    @Test
    void marksASpanOfManyLinesToTheEndOfItsFirst() {
        Source source = new Source("f.yml", List.of("a: [1,   ", "  2]", ""));

        assertThat(carets(ProblemPrinter.text(problem(source, 1, 4, 2, 5)))).isEqualTo("      |    ^^^");
    }

    @Test
    void marksAnEmptySpanWithOneCaret() {
        Source source = new Source("f.yml", List.of("a:"));

        assertThat(carets(ProblemPrinter.text(problem(source, 1, 3, 1, 3)))).isEqualTo("      |   ^");
    }

    @Test
    void cutsLongLinesAroundThePlace() {
        Source source = new Source("f.yml", List.of("x".repeat(500) + "HERE" + "y".repeat(500)));

        String printed = ProblemPrinter.text(problem(source, 1, 501, 1, 505));

        List<String> lines = printed.lines().toList();
        assertThat(lines.get(2)).hasSizeLessThan(175).startsWith("    1 | …").endsWith("…");
        int caret = lines.get(3).indexOf('^');
        assertThat(lines.get(2).substring(caret, caret + 4)).isEqualTo("HERE");
    }

    @Test
    void marksCharactersAndNotHalves() {
        Source source = new Source("f.yml", List.of("'😀😀': x"));

        assertThat(carets(ProblemPrinter.text(problem(source, 1, 7, 1, 8)))).isEqualTo("      |       ^");
    }

    @Test
    void hasNoExcerptWithoutLines() {
        Problem missing = problem(new Source("f.yml", List.of()), 1, 1, 1, 1);

        assertThat(ProblemPrinter.text(missing)).isEqualTo("f.yml: error[E0203]: wrong");
    }

    @Test
    void hasNoPlaceWithoutASpan() {
        Problem nowhere = new Problem("W0301", Severity.WARNING, null, "", "odd", List.of("look."));

        assertThat(ProblemPrinter.text(nowhere)).isEqualTo("warning[W0301]: odd\n   hint: look.");
        assertThat(ProblemPrinter.members(nowhere))
                .isEqualTo(
                        Map.of("code", "W0301", "severity", "warning", "path", "", "message", "odd", "hint", "look."));
    }

    @Test
    void saysWhatAReplacedValueReads() {
        Source.Reference port = new Source.Reference("PORT", 1, 4, 11, "80\u001b\na", false);
        Source source = new Source("f.yml", List.of("a: ${PORT}-x"), List.of(port));

        assertThat(ProblemPrinter.text(problem(source, 1, 4, 1, 13)))
                .endsWith("   note: after substitution this reads \"80·\\na-x\"");
    }

    @Test
    void hidesWhatASecretReads() {
        Source.Reference byName = new Source.Reference("DB_PASSWORD", 1, 4, 18, "hunter2", false);
        Source.Reference byKey = new Source.Reference("X", 1, 8, 12, "hunter2", false);
        Source.Reference file = new Source.Reference("/run/x", 1, 4, 18, "hunter2", true);

        for (Source source : List.of(
                new Source("f.yml", List.of("a: ${DB_PASSWORD}"), List.of(byName)),
                new Source("f.yml", List.of("token: ${X}"), List.of(byKey)),
                new Source("f.yml", List.of("a: ${file:/run/x}"), List.of(file)))) {
            Problem problem = new Problem(
                    "E0203",
                    Severity.ERROR,
                    new Span(source, 1, 4, 1, 19),
                    source.lines().get(0).startsWith("token") ? "token" : "a",
                    "wrong",
                    List.of());

            assertThat(ProblemPrinter.text(problem))
                    .doesNotContain("hunter2")
                    .contains("note: after substitution this reads \"***\"");
        }
    }

    @Test
    void usesColoursOnlyWhenAsked() {
        Problem problem = problem(new Source("f.yml", List.of("a")), 1, 1, 1, 2);

        assertThat(ProblemPrinter.text(problem, true)).contains("\u001B[1;31merror[E0203]\u001B[0m: wrong");
        assertThat(ProblemPrinter.text(problem)).doesNotContain("\u001B");
    }

    @Test
    void sortsByPlace() {
        Source source = new Source("f.yml", List.of("a", "b"));
        Problems problems = new Problems();
        problems.add(problem(source, 2, 1, 2, 2));
        problems.add(problem(source, 1, 5, 1, 6));
        problems.add(problem(source, 1, 2, 1, 3));
        problems.error("E0501", null, "", "nowhere");

        assertThat(ProblemPrinter.inFileOrder(problems))
                .extracting(p ->
                        p.span() == null ? 0 : p.span().line() * 10 + p.span().column())
                .containsExactly(0, 12, 15, 21);
    }

    @Test
    void givesProgramsTheDocumentedMembers() {
        Map<String, Object> members = ProblemPrinter.members(problem(new Source("f.yml", List.of("a")), 1, 1, 1, 2));

        assertThat(members.keySet())
                .containsExactly(
                        "code",
                        "severity",
                        "file",
                        "line",
                        "column",
                        "endLine",
                        "endColumn",
                        "path",
                        "message",
                        "hint");
    }
}
