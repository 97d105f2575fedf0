package dev.gatehouse.policies.introspect.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.tls.PemFixture;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys sign assertions, and with what. */
class SigningKeyTest {
    private static final KeyPair RSA = KeyFixture.rsa(2048);

    @TempDir
    private Path folder;

    private KeyFixture files;

    @BeforeEach
    void open() {
        files = new KeyFixture(folder);
    }

    private static SigningKey read(Path file, @Nullable String algorithm) {
        return SigningKey.read(file, new SigningKey.Wanted(null, algorithm, null));
    }

    @ParameterizedTest
    @CsvSource({"secp256r1, ES256", "secp384r1, ES384", "secp521r1, ES512"})
    void signsWithTheAlgorithmOfTheCurve(String curve, String algorithm) {
        Path file = files.pem(KeyFixture.ec(curve).getPrivate());

        assertThat(read(file, null).algorithm().getName()).isEqualTo(algorithm);
        assertThat(read(file, algorithm).algorithm().getName()).isEqualTo(algorithm);
    }

    @Test
    void signsWithPs256WhenTheKeyIsRsa() {
        assertThat(read(files.pem(RSA.getPrivate()), null).algorithm().getName())
                .isEqualTo("PS256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "PS384", "PS512", "RS256", "RS384", "RS512"})
    void signsWithTheWantedAlgorithmOfRsa(String algorithm) {
        assertThat(read(files.pem(RSA.getPrivate()), algorithm).algorithm().getName())
                .isEqualTo(algorithm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "ES256", "RS1", "ps256", ""})
    void refusesAnAlgorithmThatDoesNotFitRsa(String algorithm) {
        Path file = files.pem(RSA.getPrivate());

        assertThatThrownBy(() -> read(file, algorithm))
                .isInstanceOf(KeyProblem.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("cannot sign with");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "RS256", "PS256", "ES384"})
    void refusesAnAlgorithmThatDoesNotFitTheCurve(String algorithm) {
        Path file = files.pem(KeyFixture.ec("secp256r1").getPrivate());

        assertThatThrownBy(() -> read(file, algorithm)).hasMessageContaining("expected: ES256");
    }

    @Test
    void refusesAShortRsaKey() {
        Path file = files.pem(KeyFixture.rsa(1024).getPrivate());

        assertThatThrownBy(() -> read(file, null))
                .hasMessage(file + ": is an RSA key of 1024 bits (expected: 2048 or more)");
    }

    @Test
    void refusesAShortRsaKeyAsJwk() throws JOSEException {
        RSAKey key = new RSAKeyGenerator(1024, true).generate();

        assertThatThrownBy(() -> read(files.write(key.toJSONString()), null))
                .hasMessageContaining("1024 bits")
                .hasMessageNotContaining(key.getPrivateExponent().toString());
    }

    @Test
    void readsAJwkWithItsNameAndAlgorithm() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_384).keyID("k1").generate();
        RSAKey rsa = new RSAKey.Builder((RSAPublicKey) RSA.getPublic())
                .privateKey(RSA.getPrivate())
                .keyID("k2")
                .algorithm(com.nimbusds.jose.JWSAlgorithm.RS384)
                .build();

        SigningKey read = read(files.write(key.toJSONString()), null);
        SigningKey readRsa = read(files.write(" \n" + rsa.toJSONString() + "\n"), null);
        SigningKey named = SigningKey.read(files.write(key.toJSONString()), new SigningKey.Wanted("other", null, null));

        assertThat(read.id()).isEqualTo("k1");
        assertThat(read.algorithm().getName()).isEqualTo("ES384");
        assertThat(readRsa.id()).isEqualTo("k2");
        assertThat(readRsa.algorithm().getName()).isEqualTo("RS384");
        assertThat(named.id()).isEqualTo("other");
    }

    @Test
    void refusesAJwkForAnotherAlgorithm() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256)
                .algorithm(com.nimbusds.jose.JWSAlgorithm.ES256)
                .generate();

        assertThatThrownBy(() -> read(files.write(key.toJSONString()), "ES384"))
                .hasMessageContaining("is for ES256 and not for ES384");
    }

    @Test
    void refusesAPublicJwk() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();

        assertThatThrownBy(() -> read(files.write(key.toJSONString()), null))
                .hasMessageContaining("only the public half");
    }

    @Test
    void refusesASecret() {
        JWK key = new OctetSequenceKey.Builder(new byte[32]).build();

        assertThatThrownBy(() -> read(files.write(key.toJSONString()), null)).hasMessageContaining("is a secret");
    }

    @Test
    void refusesAJwkForEncryption() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256)
                .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                .generate();

        assertThatThrownBy(() -> read(files.write(key.toJSONString()), null))
                .hasMessageContaining("not for signatures");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"kty\":\"EC\"}", "{\"keys\":[]}", "{marker", "marker", ""})
    void refusesWhatIsNoKey(String content) {
        Path file = files.write(content);

        assertThatThrownBy(() -> read(file, null))
                .isInstanceOf(KeyProblem.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageNotContaining("marker");
    }

    @Test
    void refusesAPublicPemFile() {
        Path certificate = new PemFixture(folder).issue("a.test").cert();

        assertThatThrownBy(() -> read(certificate, null)).hasMessageContaining("holds no private key");
    }

    @Test
    void refusesOtherKindsOfKeys() {
        assertThatThrownBy(() -> read(files.pem(KeyFixture.edwards().getPrivate()), null))
                .hasMessageContaining("is not a private key of the kind RSA or EC");
    }

    @Test
    void refusesAMissingFile() {
        assertThatThrownBy(() -> read(folder.resolve("none"), null)).isInstanceOf(KeyProblem.class);
    }

    @Test
    void opensAnEncryptedKey() {
        PemFixture pems = new PemFixture(folder);
        Path file = pems.encrypted(pems.issue("a.test"), "p4ss");

        SigningKey key = SigningKey.read(file, new SigningKey.Wanted("k", null, new Secret("p4ss")));

        assertThat(key.algorithm().getName()).isEqualTo("ES256");
        assertThatThrownBy(() -> SigningKey.read(file, new SigningKey.Wanted("k", null, new Secret("wrong-1"))))
                .hasMessageContaining("cannot be opened")
                .hasMessageNotContaining("wrong-1");
        assertThatThrownBy(() -> read(file, null)).hasMessageContaining("encrypted");
    }

    @Test
    void tellsKeysApart() {
        Path file = files.pem(RSA.getPrivate());
        Path other = files.pem(KeyFixture.ec("secp256r1").getPrivate());

        assertThat(read(file, null).digest()).isEqualTo(read(file, "RS256").digest());
        assertThat(read(file, null).digest()).isNotEqualTo(read(other, null).digest());
        assertThat(read(file, null)).hasToString("PS256");
    }
}
