package dev.gatehouse.policies.introspect.binding;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policies.auth.Networks;
import dev.gatehouse.policies.introspect.answer.TokenFacts.Confirmation;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Mtls;
import dev.gatehouse.policies.introspect.refusal.Denial;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stolen token useless without the client certificate that it is bound to (RFC 8705 section 3), and refuses
 * tokens that are bound in a way that nobody here understands (RFC 7800 section 3.1). Tokens that are bound to a DPoP key
 * are the matter of {@link ProofOfPossession}. Immutable; safe on any thread.
 */
public final class SenderConstraint {
    private final BindingOptions options;
    private final @Nullable ReportedCertificate reported;

    public SenderConstraint(BindingOptions options) {
        this.options = options;
        Mtls mtls = options.mtls();
        reported = mtls.certificateHeader() == null
                ? null
                : new ReportedCertificate(mtls.certificateHeader(), Networks.of(mtls.trustedProxies()));
    }

    /** Request headers that nobody but a trusted proxy may set, and that never reach a service. */
    public static List<String> ownedHeaders(BindingOptions options) {
        return ReportedCertificate.fields(options.mtls());
    }

    /** Why the request does not come from the client that the token was given to, as far as certificates tell; or null. */
    @Nullable
    public Denial check(@Nullable Confirmation confirmation, Exchange exchange) {
        return checked(confirmation, exchange);
    }

    /** What a client that proves nothing gets, or null when the token alone is enough. */
    @Nullable
    public Denial unproven(@Nullable Confirmation confirmation) {
        Denial denial = checked(confirmation, null);
        boolean bound = confirmation != null && confirmation.proofKey() != null && options.acceptsProofs();
        return denial == null && (bound || options.requiresProofs()) ? Denial.DPOP : denial;
    }

    private @Nullable Denial checked(@Nullable Confirmation confirmation, @Nullable Exchange exchange) {
        boolean required = options.requiresCertificates();
        if (confirmation == null) {
            return required ? Denial.MTLS : null;
        }
        if (!confirmation.known()) {
            boolean ignored = options.unknownConfirmation() == BindingOptions.Unknown.IGNORE;
            return ignored && !required ? null : Denial.MTLS;
        }
        if (options.mtls().mode() == BindingOptions.Binding.OFF) {
            return null;
        }
        String hash = confirmation.certificateHash();
        if (hash == null) {
            return required ? Denial.MTLS : null;
        }
        byte[] certificate = exchange == null ? null : certificate(exchange);
        return certificate != null && Sha256.same(hash, Sha256.text(certificate)) ? null : Denial.MTLS;
    }

    private byte @Nullable [] certificate(Exchange exchange) {
        if (reported != null && reported.comesThroughProxy(exchange)) {
            return reported.der(exchange);
        }
        X509Certificate presented = exchange.peer().certificate();
        try {
            return presented == null ? null : presented.getEncoded();
        } catch (CertificateEncodingException e) {
            return null; // what cannot be encoded was never hashed by the server either
        }
    }
}
