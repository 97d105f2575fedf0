package dev.gatehouse.redirect;

import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked along a chain of redirects: the request of the moment, its body, and the one that comes next. */
final class RedirectChain {
    static final int MAX_REDIRECTS = 21;

    /** What becomes of a response. */
    enum Fate {
        /** It is for the client. */
        FINAL,
        /** It is followed. */
        FOLLOWED,
        /** It leads nowhere. */
        BROKEN
    }

    private final Redirects redirects;
    private HttpRequest head;
    private ForwardPlan plan;
    private ReplayableBody body;
    private @Nullable Location next;
    private HttpMethod nextMethod;
    private int followed;

    RedirectChain(Redirects redirects, HttpRequest head, BodyFraming framing, ForwardPlan plan) {
        this.redirects = redirects;
        this.head = head;
        this.plan = plan;
        this.body = new ReplayableBody(framing);
        this.nextMethod = head.method();
    }

    HttpRequest head() {
        return head;
    }

    ForwardPlan plan() {
        return plan;
    }

    ReplayableBody body() {
        return body;
    }

    /** Whether no redirect was seen yet. */
    boolean isFirst() {
        return followed == 0;
    }

    /** Judges the response that {@code from} gave to the present request. */
    Fate judge(HttpResponse response, Target from) {
        if (!Redirects.isRedirect(response)) {
            return Fate.FINAL;
        }
        HttpMethod method = Redirects.method(response.status().code(), head.method());
        if (method.equals(head.method()) && body.isLost()) {
            return Fate.FINAL;
        }
        // Two of them are two opinions.
        List<String> values = response.headers().getAll(HttpHeaderNames.LOCATION);
        Location location = values.size() == 1 ? Location.read(values.get(0), from, plan.requestTarget()) : null;
        if (location == null || followed == MAX_REDIRECTS) {
            return Fate.BROKEN;
        }
        followed++;
        next = location;
        nextMethod = method;
        return Fate.FOLLOWED;
    }

    /** Whether the next request has the body of the present one. */
    boolean repeatsBody() {
        return nextMethod.equals(head.method());
    }

    /** Makes the next request the present one. False when there is none. */
    boolean advance(Target from) {
        Location to = next;
        if (to == null) {
            return false;
        }
        next = null;
        if (!repeatsBody()) {
            body.forget();
            body = new ReplayableBody(BodyFraming.none());
        }
        head = redirects.head(head, nextMethod, from, to);
        plan = plan.at(to.target(), to.requestTarget());
        return true;
    }
}
