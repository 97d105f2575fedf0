package dev.gatehouse.policies.proxy;

import dev.gatehouse.exchange.ResponseHead;
import dev.gatehouse.exchange.ResponseHook;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites attributes of cookies that the service sets.
 *
 * @param domains new domain by old one; {@code *} is any other, an empty text removes the attribute
 * @param paths the same for the path
 */
record CookieRewrite(Map<String, String> domains, Map<String, String> paths) implements ResponseHook {
    private static final Pattern DOMAIN = Pattern.compile("(;\\s*domain=)([^;]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PATH = Pattern.compile("(;\\s*path=)([^;]+)", Pattern.CASE_INSENSITIVE);

    @Override
    public void onResponse(ResponseHead response) {
        List<String> cookies = response.message().headers().getAll(HttpHeaderNames.SET_COOKIE);
        if (!cookies.isEmpty() && response.fromUpstream()) {
            List<String> rewritten = cookies.stream()
                    .map(cookie -> rewritten(rewritten(cookie, DOMAIN, domains), PATH, paths))
                    .toList();
            response.message().headers().set(HttpHeaderNames.SET_COOKIE, rewritten);
        }
    }

    private static String rewritten(String cookie, Pattern attribute, Map<String, String> values) {
        Matcher matcher = attribute.matcher(cookie);
        if (values.isEmpty() || !matcher.find()) {
            return cookie;
        }
        String value = value(values, matcher.group(2));
        if (value == null) {
            return cookie;
        }
        return cookie.substring(0, matcher.start())
                + (value.isEmpty() ? "" : matcher.group(1) + value)
                + cookie.substring(matcher.end());
    }

    private static @Nullable String value(Map<String, String> values, String old) {
        String exact = values.get(old);
        return exact != null ? exact : values.get("*");
    }
}
