package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.yaml.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The report for people, in columns. */
final class ReportText {
    private static final int LABEL = 8;
    // A column that one long sentence widened would push everything else out of sight.
    private static final int WIDEST = 76;
    private static final int PLACES = 3;

    private final MigrationReport report;
    private final List<String> lines = new ArrayList<>();

    private ReportText(MigrationReport report) {
        this.report = report;
    }

    static List<String> lines(MigrationReport report) {
        ReportText text = new ReportText(report);
        text.line("read", report.read());
        text.line("works", report.works());
        text.findings();
        text.line("verdict", report.verdict());
        return text.lines;
    }

    /** Where a finding is: {@code line 24} of the gateway's file, {@code system.config.yml:2} of another. */
    static String place(Finding finding, Path main) {
        Span first = finding.places().get(0);
        int more = finding.places().size() - PLACES;
        if (!first.source().name().equals(main.toString())) {
            String name = String.valueOf(Path.of(first.source().name()).getFileName());
            int others = finding.places().size() - 1;
            return name + ":" + first.line() + (others == 0 ? "" : " +" + others);
        }
        List<String> numbers = finding.places().stream()
                .map(span -> Integer.toString(span.line()))
                .distinct()
                .toList();
        return (numbers.size() == 1 ? "line " : "lines ")
                + numbers.stream().limit(PLACES).collect(Collectors.joining(", "))
                + (more > 0 ? " +" + more : "");
    }

    private void findings() {
        Path main = report.files().get(0);
        int places = width(finding -> place(finding, main));
        int subjects = width(Finding::subject);
        int texts = width(Finding::what);
        String advice = "";
        for (Finding finding : report.findings()) {
            String keep = finding.advice();
            boolean same = keep.startsWith("keep old: ") && keep.equals(advice);
            line(
                    finding.group().label(),
                    pad(place(finding, main), places) + "  " + pad(finding.subject(), subjects) + "  "
                            + pad(finding.what(), texts) + "  " + (same ? "keep old: same" : keep));
            advice = keep;
        }
    }

    private int width(Function<Finding, String> column) {
        return report.findings().stream()
                .map(column)
                .mapToInt(String::length)
                .filter(length -> length <= WIDEST)
                .max()
                .orElse(0);
    }

    private void line(String label, String text) {
        lines.add((" " + pad(label, LABEL) + " " + text).stripTrailing());
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
