package dev.gatehouse.policies.introspect.client;

import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.ResponseOptions;
import dev.gatehouse.policies.introspect.signed.Authority;
import dev.gatehouse.policies.introspect.signed.SignedFormat;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the group {@code response} means: plain answers, or signed ones and by whom. Start-up thread. */
public final class AnswerFormat {
    private final IntrospectOptions config;
    private final ResponseOptions response;

    public AnswerFormat(IntrospectOptions config) {
        this.config = config;
        response = config.response();
    }

    /** What signed answers have to be; null = answers are plain. What the start check refuses is not judged again. */
    @Nullable
    SignedFormat signed(ServerTargets targets) {
        @Nullable URI jwks = response.jwks();
        @Nullable String issuer = issuer();
        @Nullable String audience = audience();
        if (response.format() == ResponseOptions.Format.JSON || issuer == null || audience == null) {
            return null;
        }
        @Nullable
        Authority authority =
                jwks == null ? null : new Authority(issuer, targets.of(jwks), new ServerUrl(jwks).requestTarget());
        return new SignedFormat(
                authority, audience, response.algs(), config.claims().clockSkew());
    }

    /** Who signs answers; null = nobody is named, or several are. */
    public @Nullable String issuer() {
        if (response.issuer() != null) {
            return response.issuer();
        }
        if (config.issuer() != null) {
            return config.issuer().toString();
        }
        List<String> issuers = config.claims().issuer();
        return issuers.size() == 1 ? issuers.get(0) : null;
    }

    /** Whom signed answers are for; null = the gateway has no name. */
    public @Nullable String audience() {
        if (response.audience() != null) {
            return response.audience();
        }
        return config.clientAuth() == null ? null : config.clientAuth().clientId();
    }
}
