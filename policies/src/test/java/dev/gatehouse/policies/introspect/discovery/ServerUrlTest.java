package dev.gatehouse.policies.introspect.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.client.TlsSettings;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {
    @ParameterizedTest
    @CsvSource({
        "http://a.test,            a.test,      80, a.test,       /",
        "https://a.test/i?x=1,     a.test,     443, a.test,       /i?x=1",
        "https://a.test:8443/i,    a.test,    8443, a.test:8443,  /i",
        "'http://[::1]:81/i',      ::1,         81, '[::1]:81',   /i",
    })
    void saysWhomToAskAndForWhat(String text, String host, int port, String authority, String requestTarget) {
        ServerUrl url = new ServerUrl(URI.create(text));

        assertThat(url.target(TlsSettings.DEFAULT).host()).isEqualTo(host);
        assertThat(url.target(TlsSettings.DEFAULT).port()).isEqualTo(port);
        assertThat(url.target(TlsSettings.DEFAULT).tls() != null).isEqualTo(url.isSecure());
        assertThat(url.authority()).isEqualTo(authority);
        assertThat(url.requestTarget()).isEqualTo(requestTarget);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.test/i",
                "/i",
                "ftp://a.test/i",
                "https:a.test",
                "https://u:p@a.test/i",
                "https://a.test/i#f",
                "https://a.test:0/",
                "https://a.test:65536/",
            })
    void refusesWhatCannotBeAsked(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerUrl(URI.create(text)));
    }

    @Test
    void refusesHttpsWithoutTlsSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServerUrl(URI.create("https://a.test/")).target(null));
    }

    @Test
    void doesNotTellItsQuery() {
        assertThat(new ServerUrl(URI.create("https://a.test/i?key=s3cret"))).hasToString("https://a.test/i");
    }
}
