package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.yaml.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report for programs; members are only ever added. */
final class ReportData {
    private ReportData() {}

    static Map<String, Object> of(MigrationReport report) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("files", report.files().stream().map(Object::toString).toList());
        members.put("models", report.models());
        members.put("settings", report.settings());
        Map<String, Object> policies = new LinkedHashMap<>();
        policies.put("used", report.used());
        policies.put("available", report.there());
        members.put("policies", policies);
        members.put("findings", report.findings().stream().map(ReportData::of).toList());
        members.put("changes", report.changes());
        members.put("unchanged", report.changes() == 0);
        members.put("verdict", report.verdict());
        return members;
    }

    private static Map<String, Object> of(Finding finding) {
        Span first = finding.places().get(0);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("group", finding.group().label());
        members.put("file", first.source().name());
        members.put("line", first.line());
        members.put("column", first.column());
        members.put("subject", finding.subject());
        members.put("message", finding.what());
        members.put("advice", finding.advice());
        List<Map<String, Object>> places =
                finding.places().stream().map(ReportData::of).toList();
        members.put("places", places);
        return members;
    }

    private static Map<String, Object> of(Span place) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("file", place.source().name());
        members.put("line", place.line());
        members.put("column", place.column());
        return members;
    }
}
