package dev.gatehouse.policies.jwt;

import dev.gatehouse.policies.auth.HeaderName;
import dev.gatehouse.policies.auth.TokenPlace;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a token is looked for; the names are those of Express Gateway. */
enum Extractor {
    AUTH_BEARER("authBearer"),
    AUTH_SCHEME("authScheme"),
    HEADER("header"),
    QUERY("query");

    static final String BEARER = "Bearer";

    private final String written;

    Extractor(String written) {
        this.written = written;
    }

    /** Null when there is none of that name. */
    static @Nullable Extractor of(String written) {
        return Arrays.stream(values())
                .filter(extractor -> extractor.written.equals(written))
                .findFirst()
                .orElse(null);
    }

    static String names() {
        return Arrays.stream(values()).map(extractor -> extractor.written).collect(Collectors.joining(", "));
    }

    boolean needsField() {
        return this != AUTH_BEARER;
    }

    /** What the field has to be the name of. */
    String fieldMeans() {
        return switch (this) {
            case AUTH_BEARER, AUTH_SCHEME -> "an authentication scheme";
            case HEADER -> "a header field";
            case QUERY -> "a query parameter";
        };
    }

    /** Whether {@code field} can be such a name. */
    boolean accepts(String field) {
        return this == QUERY ? !field.isEmpty() : HeaderName.isToken(field);
    }

    /** @param field a name that {@link #accepts} accepts, or null where none is needed */
    TokenPlace place(@Nullable String field) {
        String name = field == null ? "" : field;
        return switch (this) {
            case AUTH_BEARER, AUTH_SCHEME -> new TokenPlace.Header(TokenPlace.AUTHORIZATION, scheme(field));
            case HEADER -> new TokenPlace.Header(name, "");
            case QUERY -> new TokenPlace.Query(name);
        };
    }

    /** The scheme that clients are asked for. */
    String scheme(@Nullable String field) {
        return this == AUTH_SCHEME && field != null ? field : BEARER;
    }
}
