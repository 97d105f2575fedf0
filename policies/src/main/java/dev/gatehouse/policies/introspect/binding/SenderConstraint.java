package dev.gatehouse.policies.introspect.binding;

import dev.gatehouse.exchange.Peer;
import dev.gatehouse.policies.introspect.answer.TokenFacts.Confirmation;
import dev.gatehouse.policies.introspect.options.BindingOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stolen token useless without the key that it is bound to: client certificates (RFC 8705 section 3). Tokens
 * bound to a DPoP key are refused, because proofs are not verified yet. Immutable; safe on any thread.
 */
public final class SenderConstraint {
    private final BindingOptions options;

    public SenderConstraint(BindingOptions options) {
        this.options = options;
    }

    /** Why the request does not prove what the token asks for, or null. */
    @Nullable
    public Denial check(@Nullable Confirmation confirmation, Peer peer) {
        if (confirmation == null) {
            return options.mtls() == BindingOptions.Binding.REQUIRED ? Denial.MTLS : null;
        }
        if (!confirmation.known()) {
            return options.unknownConfirmation() == BindingOptions.Unknown.IGNORE ? null : Denial.MTLS;
        }
        if (confirmation.proofKey() && options.dpop() != BindingOptions.Binding.OFF) {
            return Denial.DPOP;
        }
        if (options.mtls() == BindingOptions.Binding.OFF) {
            return null;
        }
        String hash = confirmation.certificateHash();
        if (hash == null) {
            return options.mtls() == BindingOptions.Binding.REQUIRED ? Denial.MTLS : null;
        }
        return matches(hash, peer.certificate()) ? null : Denial.MTLS;
    }

    private static boolean matches(String hash, @Nullable X509Certificate certificate) {
        if (certificate == null) {
            return false;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            byte[] presented = Base64.getUrlEncoder().withoutPadding().encode(digest);
            return MessageDigest.isEqual(presented, hash.getBytes(StandardCharsets.US_ASCII));
        } catch (CertificateEncodingException e) {
            return false; // what cannot be encoded was never hashed by the server either
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
