package dev.gatehouse.policies.introspect.discovery;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import dev.gatehouse.policies.introspect.answer.JsonContent;
import java.io.Serial;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a metadata document strictly (RFC 8414 section 3.2 and 3.3). One URL that must not be used makes the whole
 * document unusable: whoever wrote it wanted the gateway to go there. Immutable; safe on any thread.
 */
final class MetadataReader {
    private static final String INTROSPECTION = "introspection_endpoint";

    private final String issuer;
    private final boolean secure;
    private final boolean privateIssuer;

    /** How a look at one place ended. */
    sealed interface Reading {
        record Found(ServerMetadata metadata) implements Reading {}

        /**
         * Not a document that can be used.
         *
         * @param reason for the log; never a part of the document
         */
        record Unusable(String reason) implements Reading {}
    }

    MetadataReader(ServerUrl issuer) {
        this.issuer = issuer.uri().toString();
        secure = issuer.isSecure();
        privateIssuer = PrivateHosts.contain(issuer.host());
    }

    Reading read(CallResult result) {
        if (result instanceof CallResult.Failed failed) {
            return new Reading.Unusable(failed.cause().tag());
        }
        if (!(result instanceof CallResult.Answer answer)) {
            return new Reading.Unusable("no answer");
        }
        if (answer.status() != 200) {
            return new Reading.Unusable("status " + answer.status());
        }
        if (!JsonContent.isIn(answer.headers())) {
            return new Reading.Unusable("not labelled as JSON");
        }
        @Nullable Map<String, @Nullable Object> members = ClaimTree.read(answer.body());
        if (members == null) {
            return new Reading.Unusable("not a JSON object without duplicate members");
        }
        if (!issuer.equals(members.get("issuer"))) {
            return new Reading.Unusable("its issuer is another one");
        }
        try {
            return read(members);
        } catch (UnusableMember e) {
            return new Reading.Unusable(e.reason);
        }
    }

    private Reading read(Map<String, @Nullable Object> members) {
        @Nullable ServerUrl introspection = url(members, INTROSPECTION);
        if (introspection == null) {
            return new Reading.Unusable("no " + INTROSPECTION);
        }
        return new Reading.Found(new ServerMetadata(
                issuer,
                introspection,
                url(members, "token_endpoint"),
                url(members, "jwks_uri"),
                texts(members.get(INTROSPECTION + "_auth_methods_supported")),
                aliases(members.get("mtls_endpoint_aliases"))));
    }

    private Map<String, ServerUrl> aliases(@Nullable Object value) {
        Map<String, ServerUrl> aliases = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> members) {
            for (String name : List.of(INTROSPECTION, "token_endpoint")) {
                @Nullable ServerUrl url = url(members, name);
                if (url != null) {
                    aliases.put(name, url);
                }
            }
        }
        return aliases;
    }

    private @Nullable ServerUrl url(Map<?, ?> members, String name) {
        Object value = members.get(name);
        if (value == null) {
            return null;
        }
        @Nullable URI uri = value instanceof String text ? uri(text) : null;
        if (uri == null || !ServerUrl.isUsable(uri)) {
            throw new UnusableMember(name + " is not an absolute URL without user name and fragment");
        }
        ServerUrl url = new ServerUrl(uri);
        if (url.isSecure() != secure) {
            throw new UnusableMember(name + " has another scheme than the issuer");
        }
        if (!privateIssuer && PrivateHosts.contain(url.host())) {
            throw new UnusableMember(name + " leads into the private network");
        }
        return url;
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private static final class UnusableMember extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final String reason;

        UnusableMember(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
