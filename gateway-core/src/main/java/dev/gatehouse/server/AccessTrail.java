package dev.gatehouse.server;

import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessRecord;
import dev.gatehouse.tunnel.Tunnel;
import dev.gatehouse.upstream.reach.UpstreamFailure;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened to one exchange, as its access-log line tells it. Costs assignments until the log wants the line. */
final class AccessTrail {
    private final HttpExchange exchange;
    private @Nullable Refusal refusal;
    private @Nullable ForwardPlan plan;
    private @Nullable UpstreamFailure failure;
    private long forwardedNanos;
    private long answeredNanos;
    private int upstreamStatus = -1;
    private long bytesOut;
    private @Nullable Tunnel tunnel;

    AccessTrail(HttpExchange exchange) {
        this.exchange = exchange;
    }

    void refused(@Nullable Refusal why) {
        refusal = why;
    }

    void forwarded(ForwardPlan to) {
        plan = to;
        forwardedNanos = exchange.now();
    }

    void answered(int status) {
        upstreamStatus = status;
        answeredNanos = exchange.now();
    }

    void failed(UpstreamFailure why) {
        failure = why;
    }

    void sent(int bytes) {
        bytesOut += bytes;
    }

    void tunnelled(Tunnel closed) {
        tunnel = closed;
        bytesOut += closed.bytesOut();
    }

    void write(int status, HttpConnection connection) {
        AccessLog log = connection.loop().accessLog();
        boolean broken = failure != null || status == ResponseRelay.CLIENT_LEFT;
        if (log.wants(status, refusal != null, broken)) {
            log.write(record(status, connection));
        }
    }

    private AccessRecord record(int status, HttpConnection connection) {
        AccessRecord record = new AccessRecord();
        long now = exchange.now();
        record.endMillis = Instant.now().toEpochMilli();
        record.requestId = exchange.id();
        record.method = exchange.received().method().name();
        record.scheme = connection.peer().secure() ? "https" : "http";
        record.host = exchange.host();
        record.target = exchange.received().target();
        record.protocol = tunnel == null ? "http/1.1" : "ws";
        record.status = status;
        record.bytesIn = exchange.body().received() + (tunnel == null ? 0 : tunnel.bytesIn());
        record.bytesOut = bytesOut;
        record.durationNanos = now - exchange.received().startNanos();
        if (exchange.matchedRoute() != null) {
            record.endpoint = exchange.endpoint().name();
            record.pipeline = exchange.pipeline();
        }
        record.client = connection.peer().remote().getAddress();
        record.userAgent = exchange.request().headers().get(HttpHeaderNames.USER_AGENT);
        record.auth(exchange.auth());
        identity(record);
        upstream(record, now);
        record.error = failure != null
                ? failure.refusal().tag()
                : refusal != null ? refusal.tag() : status == ResponseRelay.CLIENT_LEFT ? "client_gone" : null;
        return record;
    }

    private void identity(AccessRecord record) {
        Identity identity = exchange.identity();
        if (identity != null) {
            record.subject = text(identity.claims().get("sub"));
            record.clientId = text(identity.claims().get("client_id"));
        }
    }

    private void upstream(AccessRecord record, long now) {
        ForwardPlan used = plan;
        if (used == null) {
            record.gatewayNanos = record.durationNanos - Math.max(record.introspectNanos, 0);
            return;
        }
        long until = answeredNanos == 0 ? now : answeredNanos;
        record.upstreamNanos = until - forwardedNanos;
        record.gatewayNanos = forwardedNanos - exchange.received().startNanos() - Math.max(record.introspectNanos, 0);
        record.upstreamStatus = upstreamStatus;
        if (!used.targets().isEmpty()) {
            Target target = used.targets().get(0);
            record.upstream = target.host() + ':' + target.port();
        }
    }

    private static @Nullable String text(@Nullable Object claim) {
        return claim instanceof String string ? string : null;
    }
}
