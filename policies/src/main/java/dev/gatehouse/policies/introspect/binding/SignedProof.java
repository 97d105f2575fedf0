package dev.gatehouse.policies.introspect.binding;

import com.nimbusds.jose.util.Base64URL;

/**
 * A proof that fits its request; only its signature and whether it is new are open. Never printed.
 *
 * @param thumbprint of {@code key}
 * @param signed the bytes under the signature
 * @param id its {@code jti}
 * @param issuedAt its {@code iat} in seconds since 1970, rounded down
 * @param nonceIsCurrent whether the client knows the newest nonce; true when none is required
 */
record SignedProof(
        ProofKey key,
        String thumbprint,
        byte[] signed,
        Base64URL signature,
        String id,
        long issuedAt,
        boolean nonceIsCurrent) {
    @Override
    public String toString() {
        return "SignedProof";
    }
}
