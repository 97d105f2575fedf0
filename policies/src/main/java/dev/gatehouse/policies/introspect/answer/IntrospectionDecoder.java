package dev.gatehouse.policies.introspect.answer;

import dev.gatehouse.exchange.Identity;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import dev.gatehouse.policies.introspect.answer.TokenFacts.Confirmation;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an introspection answer (RFC 7662 section 2.2) strictly: UTF-8, one JSON object, no duplicate
 * member at any depth, nothing behind it. What two readers could understand differently is no answer at all.
 * Stateless; safe on any thread. Messages and exceptions never carry a part of the body.
 */
public final class IntrospectionDecoder {
    /** What an answer says. */
    sealed interface Decoded {
        /** {@code active} is the literal true. */
        record Active(Map<String, @Nullable Object> claims, TokenFacts facts) implements Decoded {}

        /**
         * {@code active} is anything else.
         *
         * @param odd whether it is neither true nor false, which a correct server never sends
         */
        record Inactive(boolean odd) implements Decoded {}

        /** Not an answer. */
        record Unusable() implements Decoded {}
    }

    /** Decodes a body; does not keep it. */
    Decoded decode(byte[] body) {
        try {
            Map<String, @Nullable Object> claims = ClaimTree.read(body);
            if (claims == null) {
                return new Decoded.Unusable();
            }
            Object active = claims.get("active");
            if (!Boolean.TRUE.equals(active)) {
                return new Decoded.Inactive(!Boolean.FALSE.equals(active));
            }
            return new Decoded.Active(claims, facts(claims));
        } catch (UnusableAnswer e) {
            return new Decoded.Unusable();
        }
    }

    /** Member {@code error} of an error answer (RFC 6749 section 5.2), or null. */
    @Nullable
    String error(byte[] body) {
        Map<String, @Nullable Object> members = ClaimTree.read(body);
        return members != null && members.get("error") instanceof String error ? error : null;
    }

    /** The members as an identity; see {@link Identity#claims()}. */
    static Identity identity(Decoded.Active active) {
        return new Identity(active.claims());
    }

    private static TokenFacts facts(Map<String, @Nullable Object> claims) {
        return new TokenFacts(
                date(claims.get("exp"), TokenFacts.NO_END),
                date(claims.get("nbf"), TokenFacts.NO_START),
                date(claims.get("iat"), TokenFacts.NO_START),
                claims.get("iss") instanceof String issuer ? issuer : null,
                audience(claims.get("aud")),
                claims.get("token_type") instanceof String type ? type : null,
                claims.get("token_use") != null && !"access_token".equals(claims.get("token_use")),
                confirmation(claims.get("cnf")),
                TokenFacts.scopes(claims, TokenFacts.SCOPE_CLAIMS));
    }

    private static long date(@Nullable Object value, long absent) {
        if (value == null) {
            return absent;
        }
        Long millis = NumericDate.millis(value);
        if (millis == null) {
            throw new UnusableAnswer();
        }
        return millis;
    }

    private static List<String> audience(@Nullable Object value) {
        if (value instanceof String text) {
            return List.of(text);
        }
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        List<String> audience = new ArrayList<>(list.size());
        for (Object item : list) {
            if (item instanceof String text) {
                audience.add(text);
            }
        }
        return List.copyOf(audience);
    }

    private static @Nullable Confirmation confirmation(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> members)) {
            return new Confirmation(null, null, false);
        }
        Object hash = members.get("x5t#S256");
        Object thumbprint = members.get("jkt");
        return new Confirmation(binding(hash), binding(thumbprint), hash != null || thumbprint != null);
    }

    /** A hash of a wrong type matches nothing, so it must stay a binding. */
    private static @Nullable String binding(@Nullable Object hash) {
        return hash == null ? null : hash instanceof String text ? text : "";
    }

    private static final class UnusableAnswer extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        UnusableAnswer() {
            super(null, null, false, false);
        }
    }
}
