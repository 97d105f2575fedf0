package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.tls.Handshake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of Node's TLS server mean for handshakes. */
final class HttpsOptionsTest {
    private static final String ECDSA_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String RSA_128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    private static final String RSA_256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

    @TempDir
    Path directory;

    private ConfigReader.Result read(String options) {
        String text = "policies: []\nhttps:\n  port: 443\n  tls: {default: {key: a.key, cert: a.pem}}\n  options:\n"
                + options.indent(4);
        return CheckedFileFixture.read(directory, text, Map.of());
    }

    private Handshake handshake(String options) {
        return Objects.requireNonNull(
                        Objects.requireNonNull(read(options).config()).https())
                .handshake();
    }

    private String places(String options) {
        return String.join(" ", CheckedFileFixture.places(read(options).problems()));
    }

    private String messages(String options) {
        return read(options).problems().all().stream().map(Problem::message).collect(Collectors.joining("; "));
    }

    @Test
    void areStandardWhenNothingIsWritten() {
        assertThat(handshake("requestCert: true")).isEqualTo(Handshake.STANDARD);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        minVersion: TLSv1.3                             | TLSv1.3
        maxVersion: TLSv1.2                             | TLSv1.2
        {minVersion: TLSv1.2, maxVersion: TLSv1.3}      | TLSv1.3,TLSv1.2
        minVersion: TLSv1                               | TLSv1.3,TLSv1.2
        maxVersion: TLSv1.1                             | TLSv1.2
        ciphers: ECDHE-RSA-AES128-GCM-SHA256            | TLSv1.2
        ciphers: TLS_AES_128_GCM_SHA256                 | TLSv1.3
        {ciphers: HIGH, minVersion: TLSv1.3}            | TLSv1.3
        """)
    void boundTheVersions(String options, String versions) {
        assertThat(handshake(options).versions()).containsExactly(versions.split(","));
    }

    @Test
    void takeTheCipherListsOfOpenSsl() {
        assertThat(handshake("ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256'")
                        .suites())
                .containsExactly(RSA_256, RSA_128);
        assertThat(handshake("ciphers: 'ECDHE+AESGCM:!aECDSA:-AES256'").suites())
                .containsExactly(RSA_128);
        assertThat(handshake("ciphers: 'HIGH:!CHACHA20:!aRSA:!AES256:!aNULL:!MD5:!RC4:@STRENGTH'")
                        .suites())
                .containsExactly(ECDSA_128);
        assertThat(handshake("ciphers: 'AES128:+ECDSA, CHACHA20:!CHACHA20'").suites())
                .containsExactly(RSA_128, ECDSA_128);
        assertThat(handshake("ciphers: 'DEFAULT'").suites()).isEqualTo(Handshake.SUITES_1_2);
    }

    @Test
    void acceptTheStandardListOfNode() {
        String node = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:"
                + "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:"
                + "ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:"
                + "HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:!CAMELLIA";

        assertThat(handshake("ciphers: '" + node + "'").suites())
                .containsExactlyInAnyOrderElementsOf(Handshake.SUITES)
                .startsWith("TLS_AES_256_GCM_SHA384");
        assertThat(messages("ciphers: '" + node + "'"))
                .isEqualTo("cipher 'DHE-RSA-AES128-GCM-SHA256' is not safe enough and is left out;"
                        + " cipher 'ECDHE-RSA-AES128-SHA256' is not safe enough and is left out");
    }

    @Test
    void keepCurvesOrderAndPassphrase() {
        Handshake read =
                handshake("ecdhCurve: 'P-384:prime256v1:X25519:P-256'\nhonorCipherOrder: false\npassphrase: p");

        assertThat(read.curves()).containsExactly("secp384r1", "secp256r1", "x25519");
        assertThat(read.serverOrder()).isFalse();
        assertThat(Objects.requireNonNull(read.passphrase()).reveal()).isEqualTo("p");
        assertThat(read.toString()).contains("passphrase=***");
        assertThat(handshake("ecdhCurve: auto").curves()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        minVersion: TLSv1                                 | W0507@6:17 | 'TLSv1' is too old: 'minVersion' is TLSv1.2
        maxVersion: TLSv1.1                               | W0507@6:17 | 'TLSv1.1' is too old: 'maxVersion' is TLSv1.2
        minVersion: TLS12                                 | E0507@6:17 | 'https.options.minVersion': there is no TLS version 'TLS12'
        minVersion: 1.3                                   | E0507@6:17 | 'https.options.minVersion': there is no TLS version '1.3'
        {minVersion: TLSv1.3, maxVersion: TLSv1.2}        | E0504@6:39 | no TLS version is left between 'minVersion' and 'maxVersion'
        ciphers: RC4-SHA                                  | W0506@6:14 E0506@6:14 | cipher 'RC4-SHA' is not safe enough and is left out; 'https.options.ciphers' leaves no cipher suite
        ciphers: ECDHE-RSA-AES128-GCM-SHA265:HIGH         | W0506@6:14 | there is no cipher 'ECDHE-RSA-AES128-GCM-SHA265'
        ciphers: 'strong:HIGH'                            | W0506@6:14 | there is no cipher 'strong'
        ciphers: 'HIGH:!ALL'                              | E0506@6:14 | 'https.options.ciphers' leaves no cipher suite
        ciphers: [HIGH]                                   | E0202@6:14 | 'https.options.ciphers': expected a text, found a list
        ecdhCurve: 'P-256:secp256k1'                      | W0508@6:16 | curve 'secp256k1' is not offered
        ecdhCurve: sect571r1                              | W0508@6:16 E0508@6:16 | curve 'sect571r1' is not offered; 'https.options.ecdhCurve' leaves no curve
        ALPNProtocols: [h2, http/1.1]                     | W0509@6:21 | protocol 'h2' is not offered
        ALPNProtocols: h2                                 | W0509@6:20 | protocol 'h2' is not offered
        ALPNProtocols: {h2: true}                         | E0202@6:20 | 'https.options.ALPNProtocols[0]': expected a text, found a mapping
        honorCipherOrder: maybe                           | E0203@6:23 | 'https.options.honorCipherOrder': expected true or false, found "maybe"
        requestCert: maybe                                | E0203@6:18 | 'https.options.requestCert': expected true or false, found "maybe"
        rejectUnauthorized: maybe                         | E0203@6:25 | 'https.options.rejectUnauthorized': expected true or false, found "maybe"
        passphrase: [open]                                | E0202@6:17 | 'https.options.passphrase': expected a text, found a list
        cipher: HIGH                                      | E0204@6:5  | 'cipher' is not an option of 'https.options'
        secureProtocol: TLSv1_2_method                    | W0502@6:5  | 'secureProtocol' has no effect here
        somethingElse: 1                                  | W0204@6:5  | 'somethingElse' is not an option of 'https.options'
        crl: x                                            | E0509@6:5  | 'crl' is not supported: clients with a revoked certificate would pass
        """)
    void refusesOrReportsAtItsPlace(String options, String places, String messages) {
        assertThat(places(options)).isEqualTo(places);
        assertThat(messages(options)).isEqualTo(messages);
    }

    @Test
    void lookForFilesBesideTheConfiguration() throws Exception {
        Files.writeString(directory.resolve("beside.pem"), "");
        String text = "policies: []\nhttps: {tls: {default: {key: missing.pem, cert: beside.pem, ca: [beside.pem]}}}\n";

        HttpsConfig https = Objects.requireNonNull(
                CheckedFileFixture.config(directory, text).https());

        assertThat(https.certificates())
                .containsExactly(new HttpsConfig.Certificate(
                        "default",
                        Path.of("missing.pem"),
                        directory.resolve("beside.pem"),
                        List.of(directory.resolve("beside.pem"))));
    }
}
