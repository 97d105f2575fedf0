package dev.gatehouse.policies.auth;

import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one token of a request (RFC 6750 section 2). Two tokens, wherever they are, are none: the service behind
 * could read the other one. Immutable; safe on any thread.
 */
public final class TokenSources {
    private final TokenFields fields;
    private final TokenPlace.Cookie[] cookies;
    private final String[] parameters;
    private final @Nullable TokenForm form;
    private final Rules rules;

    /**
     * What a token may look like.
     *
     * @param dpop whether {@code DPoP} counts beside {@code Bearer} (RFC 9449 section 7.1); whoever asks for it verifies
     *     the proof of every token whose {@link BearerToken#scheme()} is {@link BearerToken.Scheme#DPOP}
     * @param exclusive whether a token in {@code Authorization} makes one in another place ambiguous although it is not
     *     looked for there
     * @param maxLength in bytes
     */
    public record Rules(boolean dpop, boolean exclusive, TokenFormat format, int maxLength) {}

    public TokenSources(List<TokenPlace> places, Rules rules) {
        this.rules = rules;
        fields = new TokenFields(only(places, TokenPlace.Header.class), rules);
        cookies = only(places, TokenPlace.Cookie.class).toArray(TokenPlace.Cookie[]::new);
        parameters = only(places, TokenPlace.Query.class).stream()
                .map(TokenPlace.Query::name)
                .toArray(String[]::new);
        List<TokenPlace.Form> forms = only(places, TokenPlace.Form.class);
        int maxBytes = forms.stream().mapToInt(TokenPlace.Form::maxBytes).max().orElse(0);
        form = forms.isEmpty()
                ? null
                : new TokenForm(forms.stream().map(TokenPlace.Form::name).toList(), maxBytes);
    }

    /** Where tokens of bodies are found; null = nowhere. */
    public @Nullable TokenForm form() {
        return form;
    }

    /** The token of a head, or why there is none. Borrows {@code request}. */
    public BearerToken find(HttpRequest request) {
        return find(request, TokenForm.Found.NOTHING);
    }

    /** The token of a head and the body that goes with it. Borrows {@code request}. */
    public BearerToken find(HttpRequest request, TokenForm.Found body) {
        BearerToken found = fields.find(request.headers());
        for (TokenPlace.Cookie cookie : cookies) {
            found = one(found, inCookie(request, cookie));
        }
        if (request.uri().indexOf('?') >= 0) {
            for (String parameter : parameters) {
                QueryToken token = QueryToken.find(request.uri(), parameter);
                found = one(found, parameter(token.count(), token.value(), Place.QUERY));
            }
        }
        found = one(found, parameter(body.count(), body.value(), Place.FORM));
        return fields.allow(request.headers(), found);
    }

    /** Takes every credential that this policy would read out of the head. */
    public void remove(HttpRequest request) {
        request.headers().remove(HttpHeaderNames.AUTHORIZATION);
        request.headers().remove("dpop");
        fields.remove(request.headers());
        removeCopies(request);
    }

    /** Takes tokens out of the target and out of cookies, which end in logs; everything else stays as it is. */
    public void removeCopies(HttpRequest request) {
        removeCookies(request);
        if (request.uri().indexOf('?') >= 0) {
            for (String parameter : parameters) {
                request.setUri(QueryToken.strip(request.uri(), parameter));
            }
        }
    }

    /** Takes the cookies that can hold tokens out of the head, whether they count for its method or not. */
    public void removeCookies(HttpRequest request) {
        for (TokenPlace.Cookie cookie : cookies) {
            CookieToken.strip(request.headers(), cookie.name());
        }
    }

    private BearerToken inCookie(HttpRequest request, TokenPlace.Cookie cookie) {
        if (!cookie.anyMethod() && !isSafe(request.method())) {
            return BearerToken.MISSING;
        }
        CookieToken token = CookieToken.find(request.headers(), cookie.name());
        String value = token.value();
        if (token.count() > 1) {
            return BearerToken.MALFORMED;
        }
        // An empty cookie is what a logout leaves behind.
        return value == null || value.isEmpty()
                ? BearerToken.MISSING
                : checked(rules, value, 0, value.length(), Place.COOKIE, BearerToken.Scheme.BEARER);
    }

    private BearerToken parameter(int count, @Nullable String value, Place place) {
        if (count == 0) {
            return BearerToken.MISSING;
        }
        return count > 1 || value == null || value.isEmpty()
                ? BearerToken.MALFORMED
                : checked(rules, value, 0, value.length(), place, BearerToken.Scheme.BEARER);
    }

    private static BearerToken one(BearerToken found, BearerToken other) {
        if (other.flaw() == Flaw.MISSING) {
            return found;
        }
        return found.flaw() == Flaw.MISSING ? other : BearerToken.MALFORMED;
    }

    /** The text as a token, if it can be one. */
    static BearerToken checked(Rules rules, String text, int start, int end, Place place, BearerToken.Scheme scheme) {
        boolean field = place == Place.HEADER || place == Place.OWN_HEADER;
        boolean visible = true;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            // A comma joins two field values into one (RFC 9110 section 5.3); no token contains one.
            if (field && (c == ' ' || c == ',')) {
                return BearerToken.MALFORMED;
            }
            visible &= c > 0x20 && c < 0x7f;
        }
        boolean usable =
                visible && end - start <= rules.maxLength() && rules.format().accepts(text, start, end, place);
        return usable
                ? new BearerToken(text, start, end, place, scheme, null)
                : BearerToken.unusable(place, Flaw.ILL_FORMED);
    }

    /** Methods that change nothing, so that a request which another site provoked does no harm. */
    private static boolean isSafe(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }

    private static <P extends TokenPlace> List<P> only(List<TokenPlace> places, Class<P> type) {
        return places.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
