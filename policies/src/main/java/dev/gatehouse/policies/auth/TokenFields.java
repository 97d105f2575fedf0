package dev.gatehouse.policies.auth;

import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.BearerToken.Scheme;
import dev.gatehouse.policies.auth.TokenSources.Rules;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds tokens in header fields (RFC 6750 section 2.1, RFC 9110 section 11.4). Immutable; safe on any thread. */
final class TokenFields {
    private static final Prefix BEARER = new Prefix("Bearer", Scheme.BEARER);
    private static final Prefix DPOP = new Prefix("DPoP", Scheme.DPOP);

    private final Field[] fields;
    private final @Nullable Field watched;
    private final Rules rules;

    /** What stands before a token. */
    private record Prefix(String name, Scheme scheme) {}

    /**
     * A header field.
     *
     * @param prefixes the schemes that count; none = the whole value is the token
     */
    private record Field(AsciiString name, Place place, List<Prefix> prefixes) {}

    TokenFields(List<TokenPlace.Header> places, Rules rules) {
        this.rules = rules;
        Map<String, Field> byName = new LinkedHashMap<>();
        for (TokenPlace.Header place : places) {
            String name = place.name().toLowerCase(Locale.ROOT);
            Place kind = place.isAuthorization() ? Place.HEADER : Place.OWN_HEADER;
            Field field = byName.computeIfAbsent(name, key -> new Field(AsciiString.of(key), kind, new ArrayList<>()));
            if (!place.scheme().isEmpty()) {
                field.prefixes().add(new Prefix(place.scheme(), Scheme.BEARER));
            }
        }
        Field authorization = byName.get(TokenPlace.AUTHORIZATION);
        if (authorization != null && rules.dpop() && !authorization.prefixes().isEmpty()) {
            authorization.prefixes().add(DPOP);
        }
        fields = byName.values().toArray(Field[]::new);
        watched = authorization == null && rules.exclusive()
                ? new Field(AsciiString.of(TokenPlace.AUTHORIZATION), Place.HEADER, List.of(BEARER, DPOP))
                : null;
    }

    BearerToken find(HttpHeaders headers) {
        BearerToken found = BearerToken.MISSING;
        for (Field field : fields) {
            BearerToken other = find(headers, field);
            if (other.flaw() != Flaw.MISSING) {
                found = found.flaw() == Flaw.MISSING ? other : BearerToken.MALFORMED;
            }
        }
        return found;
    }

    /** {@code found}, unless {@code Authorization} holds another token that is not looked for. */
    BearerToken allow(HttpHeaders headers, BearerToken found) {
        if (watched == null) {
            return found;
        }
        BearerToken other = find(headers, watched);
        boolean second = other.flaw() != Flaw.MISSING && found.flaw() != Flaw.MISSING;
        return second || other.flaw() == Flaw.MALFORMED ? BearerToken.MALFORMED : found;
    }

    void remove(HttpHeaders headers) {
        for (Field field : fields) {
            headers.remove(field.name());
        }
    }

    private BearerToken find(HttpHeaders headers, Field field) {
        Iterator<String> values = headers.valueStringIterator(field.name());
        if (!values.hasNext()) {
            return BearerToken.MISSING;
        }
        String value = values.next();
        if (values.hasNext()) {
            return BearerToken.MALFORMED;
        }
        List<Prefix> prefixes = field.prefixes();
        if (prefixes.isEmpty()) {
            return value.isEmpty()
                    ? BearerToken.MISSING
                    : TokenSources.checked(rules, value, 0, value.length(), field.place(), Scheme.BEARER);
        }
        for (int i = 0; i < prefixes.size(); i++) {
            BearerToken found = behind(prefixes.get(i), value, field.place());
            if (found.flaw() != Flaw.MISSING) {
                return found;
            }
        }
        return isJoined(value, prefixes) ? BearerToken.MALFORMED : BearerToken.MISSING;
    }

    private BearerToken behind(Prefix prefix, String value, Place place) {
        String name = prefix.name();
        if (!value.regionMatches(true, 0, name, 0, name.length())) {
            return BearerToken.MISSING;
        }
        int end = value.length();
        while (end > name.length() && isBlank(value.charAt(end - 1))) {
            end--;
        }
        int start = name.length();
        if (start < end && value.charAt(start) != ' ') {
            return BearerToken.MISSING; // a longer scheme that begins with the same letters
        }
        // Exactly one space, as RFC 6750 section 2.1 writes it: Express Gateway refuses more, and so does its users'
        // code.
        return start + 1 >= end
                ? BearerToken.MALFORMED
                : TokenSources.checked(rules, value, start + 1, end, place, prefix.scheme());
    }

    /** Whether a proxy joined a field of another scheme with one that holds a token (RFC 9110 section 5.3). */
    private static boolean isJoined(String value, List<Prefix> prefixes) {
        for (int comma = value.indexOf(','); comma >= 0; comma = value.indexOf(',', comma + 1)) {
            int start = comma + 1;
            while (start < value.length() && isBlank(value.charAt(start))) {
                start++;
            }
            for (int i = 0; i < prefixes.size(); i++) {
                String name = prefixes.get(i).name();
                int end = start + name.length();
                if (value.regionMatches(true, start, name, 0, name.length())
                        && end < value.length()
                        && isBlank(value.charAt(end))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
