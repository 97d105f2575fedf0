package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;

/** What a token may be bound to. */
public record BindingOptions(
        @Doc("Client certificates (RFC 8705): 'auto' enforces the binding of tokens that have one.") @Default("auto")
        Binding mtls,

        @Doc("DPoP keys (RFC 9449): 'auto' refuses bound tokens, because proofs are not verified yet.") @Default("auto")
        Binding dpop,

        @Doc("Tokens with an unknown binding: 'refuse' or 'ignore'.") @Default("refuse")
        Unknown unknownConfirmation) {
    /** Whether a token's binding to a key is enforced. */
    public enum Binding {
        OFF,
        AUTO,
        REQUIRED
    }

    /** What happens to tokens that are bound in a way the gateway does not know. */
    public enum Unknown {
        REFUSE,
        IGNORE
    }
}
