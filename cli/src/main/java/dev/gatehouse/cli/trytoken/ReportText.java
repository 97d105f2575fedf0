package dev.gatehouse.cli.trytoken;

import dev.gatehouse.client.CallResult.Answer;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.policies.introspect.trial.Keeping;
import dev.gatehouse.policies.introspect.trial.TokenText;
import dev.gatehouse.policies.introspect.trial.TrialAnswer;
import dev.gatehouse.policies.introspect.trial.TrialAnswer.Decision;
import dev.gatehouse.policies.introspect.trial.TrialAnswer.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The result for people, in columns. */
final class ReportText {
    private static final int LABEL = 12;
    private static final int VALUE = 30;
    private static final String GAP = "     ";
    private static final String NONE = "-";
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final Printable printable;
    private final boolean colour;
    private final List<String> lines = new ArrayList<>();

    ReportText(Printable printable, boolean colour) {
        this.printable = printable;
        this.colour = colour;
    }

    List<String> lines(List<StepReport> reports) {
        if (reports.isEmpty()) {
            line("problem", "no provider of the step is for such tokens: every request would answer 401");
        }
        for (StepReport report : reports) {
            if (reports.size() > 1) {
                line("step", report.step());
            }
            add(report);
        }
        return lines;
    }

    private void add(StepReport report) {
        line("server", server(report.seen()));
        line("token", token(report));
        line("active", active(report.answer().state()));
        several("problem", report.problem());
        several("likely", report.causes());
        if (report.answer().state() == State.ACTIVE) {
            claims(report.answer());
        }
        routes(report);
        line("caching", keeping(report.answer()));
    }

    private String server(Witness.@Nullable Seen seen) {
        if (seen == null) {
            return "not asked";
        }
        long millis = seen.time().toMillis();
        String outcome = seen.result() instanceof Answer answer
                ? answer.status() + " in " + millis + " ms"
                : "no answer after " + millis + " ms";
        return url(seen.call()) + GAP + outcome + "   ("
                + printable.text(Credential.of(seen.call()).text()) + ")";
    }

    /** Without the query, which may hold a credential. */
    static String url(HttpCall call) {
        return (call.target().tls() == null ? "http://" : "https://")
                + call.target().authority()
                + call.requestTarget().split("\\?", 2)[0];
    }

    private static String token(StepReport report) {
        String form = form(report.token().form());
        String fingerprint = report.answer().fingerprint();
        return fingerprint.isEmpty() ? form : form + ", fingerprint " + fingerprint;
    }

    private static String form(TokenText.Form form) {
        return switch (form) {
            case OPAQUE -> "opaque";
            case SIGNED_JWT -> "JWT";
            case ENCRYPTED_JWT -> "encrypted JWT";
        };
    }

    private String active(State state) {
        return switch (state) {
            case ACTIVE -> coloured("yes", true);
            case INACTIVE, REJECTED -> coloured("no", false);
            case NOT_ASKED, UNKNOWN -> coloured("unknown", false);
        };
    }

    private void claims(TrialAnswer answer) {
        Map<String, @Nullable Object> claims = answer.claims();
        Object client = claims.get("client_id") == null ? claims.get("azp") : claims.get("client_id");
        line(
                "issuer",
                wide(value(claims.get("iss"))) + "subject " + value(claims.get("sub")) + GAP + "client "
                        + value(client));
        Instant end = answer.expiresAt();
        String expires = end == null ? "never" : Words.until(Duration.between(Instant.now(), end));
        line("expires", wide(expires) + "scope   " + (answer.scopes().isEmpty() ? NONE : scopes(answer)));
        line("audience", value(claims.get("aud")));
        String binding = answer.binding();
        if (binding != null) {
            line("bound to", binding + ", which a client must prove to have; that it does is taken for granted here");
        }
    }

    private String scopes(TrialAnswer answer) {
        return printable.text(answer.scopes().stream().sorted().collect(Collectors.joining(" ")));
    }

    private void routes(StepReport report) {
        List<Routes.Outcome> routes = report.routes();
        if (routes.isEmpty()) {
            line("routes", "none: the pipeline serves no api endpoint");
        }
        int method = width(routes.stream().map(Routes.Outcome::method).toList(), 4);
        int place = width(routes.stream().map(Routes.Outcome::place).toList(), 0);
        for (Routes.Outcome route : routes) {
            Decision decision = route.decision();
            String word = decision.allowed() ? "allowed" : decision.anonymous() ? "anonymous" : "denied";
            lines.add(pad(route.method(), method + 1)
                    + pad(route.place(), place + 4)
                    + coloured(word, decision.allowed())
                    + " ".repeat(10 - word.length())
                    + Reasons.sentence(decision));
        }
    }

    private static String keeping(TrialAnswer answer) {
        Keeping keeping = answer.keeping();
        Instant end = answer.expiresAt();
        String life = end == null
                ? "the token has no end"
                : "token itself lives " + Words.of(Duration.between(Instant.now(), end));
        String time = keeping.time() == null ? "" : Words.of(keeping.time());
        return switch (keeping.limit()) {
            case TTL -> time + " (limited by ttl; " + life + ")";
            case MAX_TTL -> time + " (limited by cache.maxTtl; " + life + ")";
            case EXP -> time + " (until the token ends)";
            case NEGATIVE_TTL -> time + " (inactive answers, cache.negativeTtl)";
            case NOTHING -> "without end (ttl: 0, and the token has no end)";
            case OFF -> "none (switched off)";
            case TOO_LARGE -> "none (larger than cache.maxAnswerBytes)";
            case ASKED_TWICE -> "none (the connection broke and the question was repeated)";
            case NO_ANSWER -> "none (only answers are kept)";
        };
    }

    private String value(@Nullable Object claim) {
        if (claim == null) {
            return NONE;
        }
        return printable.text(
                claim instanceof List<?> list
                        ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
                        : claim.toString());
    }

    private void several(String label, List<String> sentences) {
        for (int i = 0; i < sentences.size(); i++) {
            line(i == 0 ? label : "", sentences.get(i));
        }
    }

    private void line(String label, String text) {
        lines.add(pad(label, LABEL) + text);
    }

    private static String wide(String value) {
        return pad(value, Math.max(VALUE, value.length() + GAP.length()));
    }

    private static int width(List<String> texts, int least) {
        return Math.max(least, texts.stream().mapToInt(String::length).max().orElse(0));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private String coloured(String text, boolean good) {
        return colour ? (good ? GREEN : RED) + text + PLAIN : text;
    }
}
