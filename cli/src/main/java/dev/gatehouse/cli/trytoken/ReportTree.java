package dev.gatehouse.cli.trytoken;

import dev.gatehouse.client.CallResult.Answer;
import dev.gatehouse.policies.introspect.trial.Keeping;
import dev.gatehouse.policies.introspect.trial.TrialAnswer;
import dev.gatehouse.policies.introspect.trial.TrialAnswer.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The result for programs: a tree for JSON, whose names only ever grow in number. */
final class ReportTree {
    private final Printable printable;

    ReportTree(Printable printable) {
        this.printable = printable;
    }

    Map<String, @Nullable Object> tree(String pipeline, List<StepReport> reports) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("pipeline", pipeline);
        tree.put("allowed", reports.stream().anyMatch(StepReport::allowsSomething));
        tree.put("steps", reports.stream().map(this::step).toList());
        return tree;
    }

    private Map<String, @Nullable Object> step(StepReport report) {
        TrialAnswer answer = report.answer();
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        step.put("step", report.step());
        step.put("server", report.seen() == null ? null : server(report.seen()));
        step.put("token", token(report));
        step.put(
                "active",
                switch (answer.state()) {
                    case UNKNOWN, NOT_ASKED -> null;
                    case ACTIVE -> true;
                    case INACTIVE, REJECTED -> false;
                });
        step.put("problem", report.problem());
        step.put("likely", report.causes());
        Map<String, @Nullable Object> claims = answer.claims();
        step.put("issuer", value(claims.get("iss")));
        step.put("subject", value(claims.get("sub")));
        step.put("client", value(claims.get("client_id") == null ? claims.get("azp") : claims.get("client_id")));
        step.put("expires", answer.expiresAt());
        step.put(
                "scope",
                new TreeSet<>(answer.scopes()).stream().map(printable::text).toList());
        step.put("audience", value(claims.get("aud")));
        step.put("boundTo", answer.binding());
        step.put("routes", report.routes().stream().map(ReportTree::route).toList());
        step.put("caching", caching(answer.keeping()));
        return step;
    }

    private Map<String, @Nullable Object> server(Witness.Seen seen) {
        Credential credential = Credential.of(seen.call());
        Map<String, @Nullable Object> server = new LinkedHashMap<>();
        server.put("url", ReportText.url(seen.call()));
        server.put("status", seen.result() instanceof Answer answer ? answer.status() : null);
        server.put("milliseconds", seen.time().toMillis());
        server.put("client", value(credential.client()));
        server.put("method", credential.method());
        return server;
    }

    private static Map<String, @Nullable Object> token(StepReport report) {
        Map<String, @Nullable Object> token = new LinkedHashMap<>();
        token.put("form", name(report.token().form()));
        token.put(
                "fingerprint",
                report.answer().fingerprint().isEmpty() ? null : report.answer().fingerprint());
        return token;
    }

    private static Map<String, @Nullable Object> route(Routes.Outcome route) {
        Decision decision = route.decision();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("method", route.method());
        tree.put("place", route.place());
        tree.put("allowed", decision.allowed());
        tree.put("anonymous", decision.anonymous());
        tree.put("reason", decision.reason());
        tree.put("status", decision.status() == 0 ? null : decision.status());
        tree.put("error", decision.error());
        tree.put("needs", decision.needsAll());
        tree.put("needsOneOf", decision.needsOneOf());
        return tree;
    }

    private static Map<String, @Nullable Object> caching(Keeping keeping) {
        Map<String, @Nullable Object> caching = new LinkedHashMap<>();
        caching.put("seconds", keeping.time() == null ? null : keeping.time().toSeconds());
        caching.put("limit", name(keeping.limit()));
        return caching;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private @Nullable Object value(@Nullable Object claim) {
        if (claim instanceof List<?> list) {
            return list.stream().map(String::valueOf).map(printable::text).toList();
        }
        return claim == null ? null : printable.text(claim.toString());
    }
}
