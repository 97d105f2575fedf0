package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is asked. */
public record RequestOptions(
        @Doc("Value of token_type_hint; 'none' leaves it out.") @Default("access_token")
        String tokenTypeHint,

        @Doc("Name of the parameter that the token is sent in.") @Default("token")
        String tokenParam,

        @Doc("Further parameters of the body.") @Default("{}")
        Map<String, Secret> params,

        @Doc("Further header fields.") @Default("{}") Map<String, Secret> headers) {
    public RequestOptions {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
