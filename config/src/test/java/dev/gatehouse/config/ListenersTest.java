package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the gateway listens. */
final class ListenersTest {
    private static final String HTTP = "http: {port: 8080}\npolicies: [proxy, log, terminate, headers]\n";

    @TempDir
    Path directory;

    @Test
    void acceptHostForHostname() {
        assertThat(config("policies: []\nhttp: {port: '80', host: h}").http()).isEqualTo(new HttpConfig(80, "h"));
    }

    @Test
    void readHttps() {
        HttpsConfig https = Objects.requireNonNull(config("""
                        policies: []
                        https:
                          port: 443
                          tls:
                            '*.a.io': {key: a.key, cert: a.pem, ca: [ca1.pem, ca2.pem]}
                            default: {key: d.key, cert: d.pem}
                          options: {requestCert: true, rejectUnauthorized: 'false'}
                        """).https());

        assertThat(https.port()).isEqualTo(443);
        assertThat(https.requestCert()).isTrue();
        assertThat(https.rejectUnauthorized()).isFalse();
        assertThat(https.certificates())
                .containsExactly(
                        new HttpsConfig.Certificate(
                                "*.a.io",
                                Path.of("a.key"),
                                Path.of("a.pem"),
                                List.of(Path.of("ca1.pem"), Path.of("ca2.pem"))),
                        new HttpsConfig.Certificate("default", Path.of("d.key"), Path.of("d.pem"), List.of()));
    }

    @Test
    void startTheAdminListenerForAnEmptySection() {
        assertThat(config(HTTP + "admin: {}").admin()).isEqualTo(new AdminConfig(9876, "localhost"));
        assertThat(config(HTTP + "admin:").admin()).isNull();
        assertThat(config(HTTP).admin()).isNull();
    }

    @Test
    void knowWhetherTheOpsPortWasAskedFor() {
        assertThat(config(HTTP).ops()).isEqualTo(new OpsConfig(9877, "127.0.0.1", false));
        assertThat(config(HTTP + "ops: {host: 0.0.0.0}").ops()).isEqualTo(new OpsConfig(9877, "0.0.0.0", false));
        assertThat(config(HTTP + "ops: {port: 9877}").ops()).isEqualTo(new OpsConfig(9877, "127.0.0.1", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http:",
                "http: 8080",
                "http: [1]",
                "http: {port: -1}",
                "http: {port: 65536}",
                "https:",
                "https: {}",
                "https: {tls: {}}",
                "https: {tls: {a: {key: k}}}",
                "https: {tls: {a: x}}",
                "https: {tls: [x]}",
                "http: {prot: 80}",
                "http: {port: 1}\nadmin: 5",
                "http: {port: 1}\nops: {port: x}",
                "http: {port: 1}\nadmin: {port: 99999}",
                "http: {port: 1}\nops: {port: 99999}"
            })
    void refusesOthers(String sections) {
        assertThat(read("policies: []\n" + sections).problems().hasErrors()).isTrue();
    }

    private ConfigReader.Result read(String text) {
        return CheckedFileFixture.read(directory, text, Map.of());
    }

    private GatewayConfig config(String text) {
        return CheckedFileFixture.config(directory, text);
    }
}
