package dev.gatehouse.policies.introspect.binding;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client with a key that makes proofs, right ones unless a test changes a member. Signs with the Java runtime alone,
 * so that nothing of the code under test takes part.
 */
public final class ProofFixture {
    /** Keys are slow to make and never change. */
    private static final Map<String, Client> CLIENTS = new java.util.concurrent.ConcurrentHashMap<>();

    /**
     * Who proves.
     *
     * @param jwk public
     * @param secret the private member of the same JWK
     */
    public record Client(String algorithm, PrivateKey key, JWK jwk, String secret) {
        public String thumbprint() {
            try {
                return jwk.computeThumbprint().toString();
            } catch (JOSEException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final Client client;
    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();

    private ProofFixture(Client client) {
        this.client = client;
        header.put("typ", "dpop+jwt");
        header.put("alg", client.algorithm());
        header.put("jwk", client.jwk().toJSONObject());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", "GET");
        claims.put("htu", "http://api.example.com/orders");
        claims.put("iat", TimeFixture.START_SECONDS);
        claims.put("ath", hash("t"));
    }

    /** A proof for the token {@code t} at GET /orders of api.example.com, issued now. */
    public static ProofFixture proof(Client client) {
        return new ProofFixture(client);
    }

    public static String hash(String token) {
        return Sha256.text(token.getBytes(StandardCharsets.US_ASCII));
    }

    /** The client with this name; the same one each time. */
    public static Client client(String algorithm, String name) {
        return CLIENTS.computeIfAbsent(algorithm + ' ' + name, unused -> make(algorithm));
    }

    public static Client client() {
        return client("ES256", "alice");
    }

    /** An RSA client. */
    public static Client rsa(String algorithm, int bits) {
        return CLIENTS.computeIfAbsent(algorithm + ' ' + bits, unused -> {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(bits);
                return rsa(algorithm, generator.generateKeyPair());
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Null removes the member. */
    public ProofFixture header(String name, @Nullable Object value) {
        return put(header, name, value);
    }

    /** Null removes the member. */
    public ProofFixture claim(String name, @Nullable Object value) {
        return put(claims, name, value);
    }

    public String sign() {
        String signed = part(header) + '.' + part(claims);
        return signed + '.' + Base64URL.encode(signature(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private ProofFixture put(Map<String, Object> members, String name, @Nullable Object value) {
        if (value == null) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
        return this;
    }

    private static String part(Map<String, Object> members) {
        return Base64URL.encode(JSONObjectUtils.toJSONString(members)).toString();
    }

    private byte[] signature(byte[] signed) {
        try {
            Signature signature = Signature.getInstance(
                    switch (client.algorithm()) {
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        case "ES384" -> "SHA384withECDSAinP1363Format";
                        case "EdDSA" -> "Ed25519";
                        case "PS256" -> "RSASSA-PSS";
                        default -> "SHA256withRSA";
                    });
            if (client.algorithm().equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(client.key());
            signature.update(signed);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Client make(String algorithm) {
        try {
            return switch (algorithm) {
                case "ES256" -> curve(algorithm, "secp256r1", Curve.P_256);
                case "ES384" -> curve(algorithm, "secp384r1", Curve.P_384);
                case "EdDSA" -> edwards();
                default -> rsa(algorithm, 2048);
            };
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Client curve(String algorithm, String name, Curve curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(name));
        KeyPair pair = generator.generateKeyPair();
        ECKey both = new ECKey.Builder(curve, (ECPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .build();
        return new Client(
                algorithm,
                pair.getPrivate(),
                both.toPublicJWK(),
                String.valueOf(both.toJSONObject().getOrDefault("d", "x")));
    }

    private static Client rsa(String algorithm, KeyPair pair) {
        return new Client(
                algorithm, pair.getPrivate(), new RSAKey.Builder((RSAPublicKey) pair.getPublic()).build(), "x");
    }

    private static Client edwards() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return new Client(
                "EdDSA",
                pair.getPrivate(),
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).build(),
                "x");
    }
}
