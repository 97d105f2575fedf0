package dev.gatehouse.policies.proxy;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.route.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * Computes the request-target for the service from that of the request and the path of the service's URL.
 *
 * <p>The target of an exchange is canonical as long as nobody touched it, so that without options it is passed on as
 * the same String. One that an expression has written, or that a prefix was cut from in the middle of a segment, is
 * read again by the rules for received targets: cutting {@code /bill} from {@code /bill../x} must not give {@code /../x}.
 *
 * @param stripPath whether the matched prefix is cut off
 * @param ignorePath whether only the path of the URL is used
 */
record OutgoingTarget(boolean stripPath, boolean ignorePath) {
    /** Null when no safe target can be made: 400. */
    @Nullable
    String of(Exchange exchange, ServiceUrl url) {
        if (ignorePath) {
            return url.query() == null ? url.wholePath() : url.wholePath() + '?' + url.query();
        }
        String target = stripPath ? stripped(exchange) : current(exchange);
        return target == null ? null : join(url, target);
    }

    private static @Nullable String current(Exchange exchange) {
        String target = exchange.request().uri();
        return target.equals(exchange.originalTarget()) ? target : checked(exchange, target);
    }

    /** Cuts the original target: Express Gateway, too, forgets here what an expression made of it. */
    private static @Nullable String stripped(Exchange exchange) {
        String original = exchange.originalTarget();
        int question = original.indexOf('?');
        int pathEnd = question < 0 ? original.length() : question;
        int cut = Math.min(exchange.match().strippedPrefix(), pathEnd);
        return cut == 0 ? original : checked(exchange, original.substring(cut));
    }

    private static @Nullable String checked(Exchange exchange, String target) {
        boolean relative = !target.startsWith("/") && !target.contains("://");
        return RequestTarget.parse(
                                relative ? '/' + target : target,
                                exchange.request().method())
                        instanceof RequestTarget read
                ? read.originForm()
                : null;
    }

    private static String join(ServiceUrl url, String target) {
        if (url.query() == null) {
            return url.path().isEmpty() ? target : url.path() + target;
        }
        int question = target.indexOf('?');
        return question < 0
                ? url.path() + target + '?' + url.query()
                : url.path() + target.substring(0, question) + '?' + url.query() + '&' + target.substring(question + 1);
    }
}
