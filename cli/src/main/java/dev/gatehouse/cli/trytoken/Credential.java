package dev.gatehouse.cli.trytoken;

import dev.gatehouse.client.HttpCall;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As whom the gateway asked, read from the call itself, because that is what the server saw. Holds no secret.
 *
 * @param method name of the client authentication, as in RFC 8414
 * @param client null = the call does not tell
 */
record Credential(String method, @Nullable String client) {
    static Credential of(HttpCall call) {
        String header = call.headers().get(HttpHeaderNames.AUTHORIZATION);
        if (header != null) {
            return ofHeader(header);
        }
        Map<String, List<String>> form =
                new QueryStringDecoder(new String(call.body(), StandardCharsets.US_ASCII), false).parameters();
        String client =
                form.getOrDefault("client_id", List.of()).stream().findFirst().orElse(null);
        if (form.containsKey("client_assertion")) {
            return new Credential("private_key_jwt", client);
        }
        if (form.containsKey("client_secret")) {
            return new Credential("client_secret_post", client);
        }
        return new Credential(client == null ? "none" : "tls_client_auth", client);
    }

    private static Credential ofHeader(String header) {
        String scheme = header.split(" ", 2)[0].toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "basic" ->
                new Credential(
                        "client_secret_basic",
                        idOf(header.substring(scheme.length()).strip()));
            case "bearer" -> new Credential("bearer", null);
            default -> new Credential("authorization_value", null);
        };
    }

    /** RFC 6749 section 2.3.1; null when the value is none of it. */
    private static @Nullable String idOf(String pair) {
        try {
            String text = new String(Base64.getDecoder().decode(pair), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0 ? null : URLDecoder.decode(text.substring(0, colon), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** {@code client 'gw', client_secret_basic}. */
    String text() {
        if (method.equals("none")) {
            return "no client authentication";
        }
        return client == null ? method : "client '" + client + "', " + method;
    }
}
