package dev.gatehouse.policies.introspect.signed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signatures of Ed25519 (RFC 8037) by the Java runtime: the library's own verifier needs another library. Immutable;
 * safe on any thread.
 */
final class EdwardsVerifier implements JWSVerifier {
    private static final String ED25519 = "Ed25519";
    private static final int BYTES = 32;

    private final PublicKey key;
    private final JCAContext context = new JCAContext();

    private EdwardsVerifier(PublicKey key) {
        this.key = key;
    }

    /**
     * @param x member {@code x} of the key
     * @throws JOSEException when it is not such a key
     */
    static EdwardsVerifier of(@Nullable Object x) throws JOSEException {
        byte[] bytes = x instanceof String text ? new Base64URL(text).decode() : new byte[0];
        if (bytes.length != BYTES) {
            throw new JOSEException("not a key of Ed25519");
        }
        // RFC 8032 section 5.1.2: little-endian, the highest bit is the sign of the other coordinate.
        boolean odd = (bytes[BYTES - 1] & 0x80) != 0;
        byte[] y = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            y[i] = bytes[BYTES - 1 - i];
        }
        y[0] &= 0x7f;
        try {
            EdECPublicKeySpec spec =
                    new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y)));
            return new EdwardsVerifier(KeyFactory.getInstance(ED25519).generatePublic(spec));
        } catch (GeneralSecurityException e) {
            throw new JOSEException("not a key of Ed25519", e);
        }
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature) throws JOSEException {
        try {
            Signature engine = Signature.getInstance(ED25519);
            engine.initVerify(key);
            engine.update(input);
            return engine.verify(signature.decode());
        } catch (GeneralSecurityException e) {
            throw new JOSEException("not a signature of Ed25519", e);
        }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.EdDSA);
    }

    @Override
    public JCAContext getJCAContext() {
        return context;
    }
}
