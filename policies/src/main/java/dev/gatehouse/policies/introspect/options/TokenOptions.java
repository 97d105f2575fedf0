package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.policies.auth.TokenSources.Places;
import java.util.List;

/** Where a token is looked for and what becomes of it. */
public final class TokenOptions {
    private TokenOptions() {}

    /** Which failures let a request through as anonymous. */
    public enum PassThroughOn {
        REFUSED,
        MISSING,
        ALWAYS
    }

    /** How the service gets the token. */
    public enum ForwardToken {
        HEADER,
        NONE
    }

    /** Where a token can be. */
    public enum TokenSource {
        HEADER,
        QUERY;

        /** What {@code sources} mean as places in a request (RFC 6750 sections 2.1 and 2.3). */
        public static Places places(List<TokenSource> sources) {
            return new Places(
                    sources.contains(HEADER) ? "Bearer" : null, null, sources.contains(QUERY) ? "access_token" : null);
        }
    }

    /** Which characters a token may have. */
    public enum TokenFormat {
        VISIBLE,
        B64TOKEN
    }
}
