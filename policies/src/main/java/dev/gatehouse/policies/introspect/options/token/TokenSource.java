package dev.gatehouse.policies.introspect.options.token;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Shorthand;
import dev.gatehouse.policies.auth.HeaderName;
import dev.gatehouse.policies.auth.TokenPlace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place where a token is looked for: {@code header} alone, or a mapping with more about it. */
public record TokenSource(
        @Doc("'header', 'query', 'form' or 'cookie'.") @Shorthand
        Type type,

        @Doc("Name of the field, parameter or cookie; absent = 'Authorization' or 'access_token'.") @Nullable
        String name,

        @Doc("What stands before the token in a header; '' = nothing, absent = 'Bearer'.") @Nullable
        String scheme,

        @Doc("Whether a cookie counts for methods other than GET, HEAD and OPTIONS: 'refuse' or 'allow'.") @Nullable
        UnsafeMethods unsafeMethods) {
    private static final String ACCESS_TOKEN = "access_token";

    /** Fields that mean something else, or that never reach a policy as the client sent them. */
    private static final Set<String> TAKEN = Set.of(
            "connection",
            "content-length",
            "content-type",
            "cookie",
            "dpop",
            "expect",
            "host",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Where a token can be. */
    public enum Type {
        HEADER,
        QUERY,
        FORM,
        COOKIE
    }

    /** What becomes of a cookie in a request that changes something. */
    public enum UnsafeMethods {
        REFUSE,
        ALLOW
    }

    public TokenSource {
        boolean field = type == Type.HEADER || type == Type.COOKIE;
        if (type == Type.COOKIE && name == null) {
            throw new IllegalArgumentException("name: missing (expected: the name of the cookie)");
        }
        if (name != null && (field ? !HeaderName.isToken(name) : name.isEmpty() || !isVisible(name))) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: the name of a " + kind(type) + ")");
        }
        if (type == Type.HEADER && name != null && TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: a field that holds nothing else)");
        }
        if (scheme != null && type != Type.HEADER) {
            throw new IllegalArgumentException("scheme: \"" + scheme + "\" (expected: only with 'type: header')");
        }
        if (scheme != null && !scheme.isEmpty() && !HeaderName.isToken(scheme)) {
            throw new IllegalArgumentException("scheme: \"" + scheme + "\" (expected: a scheme, or '' for none)");
        }
        if (unsafeMethods != null && type != Type.COOKIE) {
            throw new IllegalArgumentException("unsafeMethods: set (expected: only with 'type: cookie')");
        }
    }

    /** Whether a request that another site provoked can carry this token and change something. */
    public boolean isForgeable() {
        return type == Type.COOKIE && unsafeMethods == UnsafeMethods.ALLOW;
    }

    /**
     * The places that {@code sources} mean.
     *
     * @param formMaxBytes longest body that is looked into
     * @throws IllegalArgumentException when two of them are the same place
     */
    public static List<TokenPlace> places(List<TokenSource> sources, int formMaxBytes) {
        List<TokenPlace> places = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<String> whole = new HashSet<>();
        for (TokenSource source : sources) {
            TokenPlace place = source.place(formMaxBytes);
            if (!seen.add(source.identity(place))) {
                throw new IllegalArgumentException("tokenSources: the same place twice (expected: each once)");
            }
            if (place instanceof TokenPlace.Header header && header.scheme().isEmpty()) {
                whole.add(header.name().toLowerCase(Locale.ROOT));
            }
            places.add(place);
        }
        for (TokenPlace place : places) {
            if (place instanceof TokenPlace.Header header
                    && !header.scheme().isEmpty()
                    && whole.contains(header.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "tokenSources: one field with and without a scheme (expected: one of the two)");
            }
        }
        return List.copyOf(places);
    }

    /** The methods of RFC 6750 that {@code sources} offer, in the words of RFC 9728 section 2. */
    public static List<String> bearerMethods(List<TokenSource> sources) {
        List<TokenPlace> places = places(sources, 1);
        List<String> methods = new ArrayList<>();
        if (places.stream().anyMatch(TokenSource::isBearerHeader)) {
            methods.add("header");
        }
        if (places.stream()
                .anyMatch(p -> p instanceof TokenPlace.Form form && form.name().equals(ACCESS_TOKEN))) {
            methods.add("body");
        }
        if (places.contains(new TokenPlace.Query(ACCESS_TOKEN))) {
            methods.add("query");
        }
        return List.copyOf(methods);
    }

    private static boolean isBearerHeader(TokenPlace place) {
        return place instanceof TokenPlace.Header header
                && header.name().equalsIgnoreCase(TokenPlace.AUTHORIZATION)
                && header.scheme().equalsIgnoreCase("Bearer");
    }

    private TokenPlace place(int formMaxBytes) {
        String parameter = name == null ? ACCESS_TOKEN : name;
        return switch (type) {
            case HEADER ->
                new TokenPlace.Header(
                        name == null ? TokenPlace.AUTHORIZATION : name, scheme == null ? "Bearer" : scheme);
            case QUERY -> new TokenPlace.Query(parameter);
            case FORM -> new TokenPlace.Form(parameter, formMaxBytes);
            case COOKIE -> new TokenPlace.Cookie(parameter, isForgeable());
        };
    }

    private String identity(TokenPlace place) {
        if (place instanceof TokenPlace.Header header) {
            return (type + " " + header.name() + " " + header.scheme()).toLowerCase(Locale.ROOT);
        }
        return type + " " + (name == null ? ACCESS_TOKEN : name);
    }

    private static String kind(Type type) {
        return switch (type) {
            case HEADER -> "header field";
            case QUERY, FORM -> "parameter";
            case COOKIE -> "cookie";
        };
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
