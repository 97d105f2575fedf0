package dev.gatehouse.policies.introspect.credentials;

import dev.gatehouse.config.bind.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What shows the server who asks. Immutable.
 *
 * @param header value of the Authorization header; null = none
 * @param form parameters appended to the body, beginning with {@code &}; null = none
 */
public record Credentials(@Nullable Secret header, @Nullable Secret form) implements Presented {
    static final Credentials NONE = new Credentials(null, null);

    static Credentials header(String value) {
        return new Credentials(new Secret(value), null);
    }

    /** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
    static Credentials basic(String id, Secret secret) {
        byte[] pair = (encode(id) + ':' + encode(secret.reveal())).getBytes(StandardCharsets.US_ASCII);
        return header("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** @param namesAndValues of the parameters, in their order */
    static Credentials form(String... namesAndValues) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.append('&').append(namesAndValues[i]).append('=').append(encode(namesAndValues[i + 1]));
        }
        return new Credentials(null, new Secret(form.toString()));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
