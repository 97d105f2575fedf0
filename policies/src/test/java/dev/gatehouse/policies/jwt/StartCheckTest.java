package dev.gatehouse.policies.jwt;

import static dev.gatehouse.policies.jwt.TokenFixture.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.tls.PemFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read at start: keys and the options around them. */
class StartCheckTest {
    private static final String UNCHECKED = "checkCredentialExistence: false\n";
    private static final String SECRET = "secretOrPublicKey: '" + TokenFixture.SECRET + "'\n";
    private static final KeyPair RSA = TokenFixture.rsa(2048);
    private static final KeyPair EC = TokenFixture.ec("secp256r1");

    private final StepFixture step = StepFixture.of("jwt");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test.
    private Path directory;

    private Problem problem(String yaml) {
        try {
            step.policy(yaml);
        } catch (ConfigProblem e) {
            return e.problem();
        }
        throw new AssertionError("accepted: " + step.codes());
    }

    private Policy policyOf(String key) throws IOException {
        return step.policy(UNCHECKED + "secretOrPublicKeyFile: " + file(key));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "key", ".pem"), content);
    }

    private static boolean passes(Policy policy, String token) {
        return ExchangeFixture.get("/").bearer(token).run(policy).hasRunOut();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secretOrPublicKey: {a: b}|E0202",
                "secretOrPublicKeys: x|E0204",
                "secretOrPublicKeyFile: [a]|E0202",
                "jwtExtractor: bearer|E0203",
                "jwtExtractor: [header]|E0202",
                "jwtExtractorFeld: x|E0204",
                "jwtExtractorField: {a: b}|E0202",
                "audience: [a]|E0202",
                "audience: ''|E0203",
                "audiences: a|E0204",
                "issuer: {a: b}|E0202",
                "issuer: ' '|E0203",
                "issuers: a|E0204",
                "algorithms: HS256|E0202",
                "algorithms: [HS257]|E0203",
                "algorithms: [none]|E0203",
                "algorithms: [{a: b}]|E0202",
                "algorithm: [HS256]|E0204",
                "checkCredentialExistense: false|E0204",
                "passThrough: maybe|E0203",
                "passThrou: true|E0204",
            })
    void refusesBadInputWhereItStands(String option, String code) {
        String key = option.startsWith("secretOrPublicKey:") ? "" : "secretOrPublicKey: abc\n";
        Problem problem = problem("checkCredentialExistence: false\n" + key + option);

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.span()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secretOrPublicKey: abc|E0451|checkCredentialExistence",
                "secretOrPublicKey: abc; checkCredentialExistence: true|E0451|checkCredentialExistence",
                "checkCredentialExistence: false|E0452|neither",
                "checkCredentialExistence: false; secretOrPublicKey: a; secretOrPublicKeyFile: b|E0452|exclude",
                "checkCredentialExistence: false; secretOrPublicKey: ''|E0453|empty",
                "checkCredentialExistence: false; secretOrPublicKeyFile: /none/such.pem|E0455|not found",
                "checkCredentialExistence: false; secretOrPublicKey: abc; jwtExtractor: header|E0456|jwtExtractorField",
                "checkCredentialExistence: false; secretOrPublicKey: abc; jwtExtractor: query|E0456|jwtExtractorField",
                "checkCredentialExistence: false; secretOrPublicKey: abc; jwtExtractor: authScheme|E0456|Field",
                "checkCredentialExistence: false; secretOrPublicKey: abc; jwtExtractor: header; jwtExtractorField: 'a b'"
                        + "|E0456|header field",
                "checkCredentialExistence: false; secretOrPublicKey: abc; jwtExtractor: authScheme; "
                        + "jwtExtractorField: ''|E0456|scheme",
                "checkCredentialExistence: false; secretOrPublicKey: abc; algorithms: []|E0454|empty",
                "checkCredentialExistence: false; secretOrPublicKey: abc; algorithms: [RS256]|E0454|RS256",
                "checkCredentialExistence: false; secretOrPublicKey: abc; algorithms: [HS256, RS256]|E0454|RS256",
            })
    void refusesWhatCannotWork(String options, String code, String word) {
        Problem problem = problem(options.replace("; ", "\n"));

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.message() + problem.hints()).contains(word);
        assertThat(problem.span()).isNotNull();
    }

    @Test
    void refusesHmacForAPublicKey() throws IOException {
        Problem problem = problem(UNCHECKED + "algorithms: [RS256, HS256]\nsecretOrPublicKeyFile: " + file(pem(RSA)));

        assertThat(problem.code()).isEqualTo("E0454");
        assertThat(problem.message()).isEqualTo("'HS256' does not go with an RSA key");
    }

    static Stream<UnaryOperator<String>> spellings() {
        return Stream.of(
                pem -> pem,
                pem -> pem.replace("\n", "\r\n"),
                pem -> pem.replace("\n", "\r"),
                pem -> pem.replace("\n", "\\n"),
                pem -> pem.replace("\n", " "),
                pem -> pem.replace("\n", ""),
                pem -> "\ufeff\n \t" + pem.indent(4) + "\n\n",
                pem -> "Bag Attributes\n" + pem);
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void readsAPublicKeyHoweverItIsSpaced(UnaryOperator<String> spelling) throws IOException {
        Policy policy = policyOf(spelling.apply(pem(RSA)));

        assertThat(passes(policy, TokenFixture.token("RS256", RSA.getPrivate(), "{}")))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void refusesTokensWhoseSecretIsThePublicKey(UnaryOperator<String> spelling) throws IOException {
        String text = spelling.apply(pem(RSA));
        Policy policy = policyOf(text);

        assertThat(passes(policy, TokenFixture.token("HS256", text, "{}"))).isFalse();
        assertThat(passes(policy, TokenFixture.token("HS256", pem(RSA), "{}"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"secp256r1,ES256", "secp384r1,ES384", "secp521r1,ES512"})
    void verifiesEllipticCurves(String curve, String algorithm) throws IOException {
        KeyPair pair = TokenFixture.ec(curve);
        Policy policy = policyOf(pem(pair));

        assertThat(passes(policy, TokenFixture.token(algorithm, pair.getPrivate(), "{}")))
                .isTrue();
        assertThat(passes(
                        policy,
                        TokenFixture.token(algorithm, TokenFixture.ec(curve).getPrivate(), "{}")))
                .isFalse();
        assertThat(step.guards()).containsExactly("jwt " + algorithm + " Infinity");
    }

    @Test
    void refusesAnEmptyEllipticSignature() throws IOException {
        Policy policy = policyOf(pem(EC));
        String[] parts = TokenFixture.token("ES256", EC.getPrivate(), "{}").split("\\.", -1);
        String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);

        assertThat(passes(policy, parts[0] + '.' + parts[1] + '.' + zeros)).isFalse();
    }

    @Test
    void readsTheOlderFormAndCertificates() throws IOException {
        PemFixture certificates = new PemFixture(directory);
        PemFixture.Pair pair = certificates.issueRsa("issuer.example.com");
        Policy older = policyOf(pem("RSA PUBLIC KEY", TokenFixture.pkcs1(RSA)));
        Policy certificate = StepFixture.of("jwt").policy(UNCHECKED + "secretOrPublicKeyFile: " + pair.cert());

        assertThat(passes(older, TokenFixture.token("RS512", RSA.getPrivate(), "{}")))
                .isTrue();
        assertThat(passes(
                        certificate,
                        TokenFixture.token("RS256", pair.bundle().getKeyPair().getPrivate(), "{}")))
                .isTrue();
    }

    static Stream<String> keysThatAreNoSecrets() {
        String der = Base64.getEncoder().encodeToString(RSA.getPublic().getEncoded());
        String url = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(EC.getPublic().getEncoded());
        return Stream.of(
                pem("PRIVATE KEY", RSA.getPrivate().getEncoded()),
                pem("RSA PRIVATE KEY", new byte[] {1, 2, 3}),
                pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3}),
                pem("EC PRIVATE KEY", new byte[] {1, 2, 3}).replace("\n", "\\n"),
                pem("OPENSSH PRIVATE KEY", new byte[] {1, 2, 3}),
                pem("PUBLIC KEY", new byte[] {1, 2, 3}),
                pem("CERTIFICATE", RSA.getPublic().getEncoded()),
                pem("CERTIFICATE REQUEST", new byte[] {1, 2, 3}),
                pem(TokenFixture.ed25519()),
                pem(RSA).replace("-----END PUBLIC KEY-----", ""),
                pem(RSA).replace("-----BEGIN PUBLIC KEY-----", "BEGIN PUBLIC KEY"),
                pem(RSA).toLowerCase(Locale.ROOT),
                pem(RSA).replace("-----", "--"),
                der,
                der.replaceAll("(.{64})", "$1\n"),
                url,
                Base64.getEncoder().encodeToString(TokenFixture.pkcs1(RSA)),
                "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me@host",
                "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}");
    }

    @ParameterizedTest
    @MethodSource("keysThatAreNoSecrets")
    void refusesKeysThatVerifyNothing(String text) throws IOException {
        Problem problem = problem(UNCHECKED + "secretOrPublicKeyFile: " + file(text));

        assertThat(problem.code()).isEqualTo("E0453");
        assertThat(problem.message()).doesNotContain(text.substring(0, Math.min(8, text.length())));
    }

    @Test
    void refusesABinaryKey() throws IOException {
        Path der = Files.write(directory.resolve("key.der"), RSA.getPublic().getEncoded());

        assertThat(problem(UNCHECKED + "secretOrPublicKeyFile: " + der).code()).isEqualTo("E0453");
    }

    @Test
    void readsBytesOfAFileAsTheyAre() throws IOException {
        Path secret = Files.write(
                directory.resolve("secret"), "0123456789012345678901234567890\n".getBytes(StandardCharsets.UTF_8));
        Policy policy = step.policy(UNCHECKED + "secretOrPublicKeyFile: " + secret);

        assertThat(passes(policy, TokenFixture.token("HS256", "0123456789012345678901234567890\n", "{}")))
                .isTrue();
        assertThat(passes(policy, TokenFixture.token("HS256", "0123456789012345678901234567890", "{}")))
                .isFalse();
        assertThat(step.codes()).containsExactly("W0456");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|",
                "jwtExtractor: query; jwtExtractorField: t|W0454",
                "jwtExtractorField: t|W0455",
                "algorithms: [HS512]|W0452",
            })
    void warnsAboutRisks(String options, String code) {
        step.policy(UNCHECKED + SECRET + (options == null ? "" : options.replace("; ", "\n")));

        assertThat(step.codes()).isEqualTo(code == null ? java.util.List.of() : java.util.List.of(code));
    }

    @Test
    void warnsAboutShortKeysAndUncheckedScopes() throws IOException {
        step.scopes("orders:read").policy(UNCHECKED + "secretOrPublicKey: short");
        policyOf(pem(TokenFixture.rsa(1024)));

        assertThat(step.codes()).containsExactly("W0451", "W0452", "W0451", "W0453");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shown-nowhere", "-----BEGIN shown-nowhere"})
    void printsNoSecret(String secret) {
        JwtPolicy.Config config = new JwtPolicy.Config(
                new dev.gatehouse.config.bind.Secret(secret),
                null,
                "authBearer",
                null,
                null,
                null,
                false,
                java.util.List.of(),
                false);

        assertThat(config.toString()).doesNotContain("shown-nowhere");
        assertThatThrownBy(() -> step.policy(UNCHECKED + "jwtExtractor: header\nsecretOrPublicKey: '" + secret + "'"))
                .isInstanceOf(ConfigProblem.class)
                .message()
                .doesNotContain("shown-nowhere");
    }
}
