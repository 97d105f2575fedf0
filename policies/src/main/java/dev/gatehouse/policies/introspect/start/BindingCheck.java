package dev.gatehouse.policies.introspect.start;

import dev.gatehouse.policies.auth.Networks;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Binding;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Nonce;

/** The part of {@link StartCheck} that is about keys to which tokens are bound. Start-up thread. */
final class BindingCheck {
    private static final String GROUP = "senderConstraint.";

    private final BindingOptions options;
    private final StartCheck check;

    BindingCheck(BindingOptions options, StartCheck check) {
        this.options = options;
        this.check = check;
    }

    /** @throws dev.gatehouse.policy.ConfigProblem when options contradict each other */
    void run() {
        refuseOptionsWithoutEffect();
        if (options.requiresProofs() && options.dpop().publicBaseUrl() == null) {
            check.warn(
                    "W0433",
                    GROUP + "dpop",
                    "a proof is compared with the Host that its sender names",
                    "set 'senderConstraint.dpop.publicBaseUrl' to the URL that clients use.");
        }
        if (Networks.of(options.mtls().trustedProxies()).holdEverything()) {
            check.warn(
                    "W0434",
                    GROUP + "mtls.trustedProxies",
                    "every client is believed which certificate it has",
                    "list only your proxies in 'trustedProxies'.");
        }
    }

    private void refuseOptionsWithoutEffect() {
        BindingOptions.Mtls mtls = options.mtls();
        boolean header = mtls.certificateHeader() != null;
        if (header && mtls.mode() == Binding.OFF) {
            check.refuse(
                    GROUP + "mtls.certificateHeader",
                    "'certificateHeader' has no effect, because 'mtls' is 'off'",
                    "set 'mode: auto', or remove 'certificateHeader'.");
        }
        if (header && mtls.trustedProxies().isEmpty()) {
            check.refuse(
                    GROUP + "mtls.certificateHeader",
                    "'certificateHeader' would never be read, because 'trustedProxies' is empty",
                    "list the addresses of your proxies in 'trustedProxies'.");
        }
        if (!header && !mtls.trustedProxies().isEmpty()) {
            check.refuse(
                    GROUP + "mtls.trustedProxies",
                    "'trustedProxies' has no effect without 'certificateHeader'",
                    "add 'certificateHeader: Client-Cert', or remove 'trustedProxies'.");
        }
        if (options.dpop().nonce() == Nonce.REQUIRED && options.dpop().mode() == Binding.OFF) {
            check.refuse(
                    GROUP + "dpop.nonce",
                    "'nonce: required' has no effect, because 'dpop' is 'off'",
                    "set 'mode: auto', or remove 'nonce'.");
        }
    }
}
