package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;

/** What is asked. */
public record RequestOptions(
        @Doc("Value of token_type_hint; 'none' leaves it out.") @Default("access_token")
        String tokenTypeHint) {}
