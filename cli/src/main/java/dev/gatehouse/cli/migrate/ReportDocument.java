package dev.gatehouse.cli.migrate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The report as a document to hand on: Markdown, or one HTML page without anything from elsewhere. */
final class ReportDocument {
    private static final List<String> HEAD = List.of("", "Where", "What", "Now", "Advice");

    private final MigrationReport report;

    ReportDocument(MigrationReport report) {
        this.report = report;
    }

    String markdown() {
        StringBuilder out = new StringBuilder("# Coming from Express Gateway\n\n");
        summary().forEach(row -> out.append("- ").append(row).append('\n'));
        out.append("\n| ").append(String.join(" | ", HEAD)).append(" |\n|").append("---|".repeat(HEAD.size()));
        for (List<String> row : rows()) {
            out.append("\n| ")
                    .append(String.join(
                            " | ",
                            row.stream().map(cell -> cell.replace("|", "\\|")).toList()))
                    .append(" |");
        }
        return out.append('\n').toString();
    }

    String html() {
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">")
                .append("<title>Coming from Express Gateway</title>\n<style>body{font:16px/1.5 sans-serif;margin:2em}")
                .append("td,th{padding:.2em 1em .2em 0;text-align:left;vertical-align:top}</style></head>\n<body>\n")
                .append("<h1>Coming from Express Gateway</h1>\n<ul>\n");
        summary().forEach(row -> out.append("<li>").append(escaped(row)).append("</li>\n"));
        out.append("</ul>\n<table>\n").append(row("th", HEAD));
        rows().forEach(row -> out.append(row("td", row)));
        return out.append("</table>\n</body>\n</html>\n").toString();
    }

    private List<String> summary() {
        return List.of("read: " + report.read(), "works: " + report.works(), "verdict: " + report.verdict());
    }

    private List<List<String>> rows() {
        Path main = report.files().get(0);
        List<List<String>> rows = new ArrayList<>();
        for (Finding finding : report.findings()) {
            rows.add(List.of(
                    finding.group().label(),
                    ReportText.place(finding, main),
                    finding.subject(),
                    finding.what(),
                    finding.advice()));
        }
        return rows;
    }

    private static String row(String cell, List<String> texts) {
        StringBuilder out = new StringBuilder("<tr>");
        texts.forEach(text -> out.append('<')
                .append(cell)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(cell)
                .append('>'));
        return out.append("</tr>\n").toString();
    }

    /** Names in the configuration may hold markup. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
