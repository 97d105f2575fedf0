package dev.gatehouse.cli.run;

import dev.gatehouse.admin.Call;
import dev.gatehouse.admin.Router;
import dev.gatehouse.cli.reload.ControlThread;
import dev.gatehouse.cli.reload.Outcome;
import dev.gatehouse.cli.reload.Standing;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.report.ProblemPrinter;
import io.netty.handler.codec.http.HttpMethod;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the admin API tells about the gateway as a whole, and a reload on demand. Called on the event loop of the admin
 * listener; a reload is answered from the control thread.
 */
final class StatusResource {
    private static final Logger LOG = LoggerFactory.getLogger(StatusResource.class);

    private final ControlThread control;
    private final BooleanSupplier stopping;

    StatusResource(ControlThread control, BooleanSupplier stopping) {
        this.control = control;
        this.stopping = stopping;
    }

    /** Adds {@code /status} and {@code /reload}. */
    Router addTo(Router routes) {
        return routes.on(HttpMethod.GET, "/status", this::status).on(HttpMethod.POST, "/reload", this::reload);
    }

    private void status(Call call) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("version", Build.current().version());
        facts.put("uptime_s", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
        facts.put("state", stopping.getAsBoolean() ? "stopping" : "running");
        facts.put("config", config(control.standing()));
        call.reply(200, Call.JSON, Json.bytes(facts));
    }

    private void reload(Call call) {
        control.reload("admin").whenComplete((outcome, bug) -> {
            if (bug != null) {
                LOG.error("the reload broke", bug);
                call.refuse(500, "Internal Server Error");
            } else {
                answer(call, outcome);
            }
        });
    }

    private static void answer(Call call, Outcome outcome) {
        Map<String, Object> facts = new LinkedHashMap<>();
        int status = 200;
        if (outcome instanceof Outcome.Applied applied) {
            facts.put("result", "applied");
            facts.put("number", applied.number());
            facts.put("took_ms", applied.took().toMillis());
            facts.put("change", applied.change().text());
            facts.put("restart_needed", applied.needRestart());
        } else if (outcome instanceof Outcome.Unchanged unchanged) {
            facts.put("result", "unchanged");
            facts.put("number", unchanged.number());
        } else if (outcome instanceof Outcome.Rejected rejected) {
            status = 422;
            facts.put("result", "rejected");
            facts.put("number", rejected.number());
            facts.put("since", text(rejected.since()));
            facts.put("problems", problems(rejected.problems()));
        } else if (outcome instanceof Outcome.Vanished vanished) {
            status = 422;
            facts.put("result", "vanished");
            facts.put("number", vanished.number());
            facts.put("since", text(vanished.since()));
        } else {
            status = 503;
            facts.put("result", "stopping");
        }
        call.reply(status, Call.JSON, Json.bytes(facts));
    }

    private static Map<String, Object> config(Standing standing) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("number", standing.number());
        facts.put("since", text(standing.since()));
        facts.put("hash", standing.mark());
        Standing.Refused refused = standing.refused();
        if (refused != null) {
            Map<String, Object> file = new LinkedHashMap<>();
            file.put("at", text(refused.at()));
            file.put("problems", problems(refused.problems()));
            facts.put("refused", file);
        }
        return facts;
    }

    private static List<Map<String, Object>> problems(List<Problem> problems) {
        return problems.stream().map(ProblemPrinter::members).toList();
    }

    private static String text(Instant instant) {
        return instant.toString();
    }
}
