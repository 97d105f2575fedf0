package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import org.jspecify.annotations.Nullable;

/** What refused clients see. */
public record ErrorsOptions(
        @Doc("Statuses: 'standard' or 'express-gateway'; absent = compat.status.")
        CompatConfig.@Nullable Status style,

        @Doc("'minimal' gives all invalid tokens one description, 'standard' tells expired ones.") @Default("minimal")
        Detail detail,

        @Doc("Names the needed scopes in challenges.") @Default("true")
        boolean showScope) {
    /** How much a refusal tells. */
    public enum Detail {
        MINIMAL,
        STANDARD
    }
}
