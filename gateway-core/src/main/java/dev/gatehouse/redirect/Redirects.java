package dev.gatehouse.redirect;

import dev.gatehouse.client.Target;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the next request of a redirected call looks like. Immutable.
 *
 * @param confidential names of fields, lower case, that only the service may see
 * @param identity removes the fields by which the gateway tells the service who the client is
 */
record Redirects(Set<String> confidential, Consumer<HttpHeaders> identity) {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final List<CharSequence> CREDENTIALS = List.of(
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.COOKIE,
            "cookie2",
            "dpop");

    static boolean isRedirect(HttpResponse response) {
        String location = response.headers().get(HttpHeaderNames.LOCATION);
        return STATUSES.contains(response.status().code()) && location != null && !location.isEmpty();
    }

    /** The method of the next request (RFC 9110 sections 15.4.2 to 15.4.4, and as Express Gateway does). */
    static HttpMethod method(int status, HttpMethod before) {
        boolean toGet = switch (status) {
            case 301, 302 -> before.equals(HttpMethod.POST);
            case 303 -> !before.equals(HttpMethod.GET) && !before.equals(HttpMethod.HEAD);
            default -> false;
        };
        return toGet ? HttpMethod.GET : before;
    }

    /**
     * The next head. What {@code before} holds stays untouched, because log and hooks still read it.
     *
     * @param from who redirected
     */
    HttpRequest head(HttpRequest before, HttpMethod method, Target from, Location to) {
        HttpHeaders headers = before.headers().copy();
        if (!method.equals(before.method())) {
            removeContent(headers);
        }
        // Targets of the same scheme, host and port come from Location as the very one before, its TLS settings
        // included.
        if (!to.target().equals(from)) {
            CREDENTIALS.forEach(headers::remove);
            confidential.forEach(headers::remove);
            identity.accept(headers);
            headers.set(HttpHeaderNames.HOST, to.target().authority());
        }
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, to.requestTarget(), headers);
    }

    private static void removeContent(HttpHeaders headers) {
        for (String name : headers.names()) {
            if (name.toLowerCase(Locale.ROOT).startsWith("content-")) {
                headers.remove(name);
            }
        }
    }
}
