package dev.gatehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WayTest {
    private static final Path SOCKET = Path.of("/run/svc.sock");
    private static final ForwardProxy PROXY = new ForwardProxy("proxy.test", 3128, null, "Basic c2VjcmV0");
    private static final InetAddress FROM = InetAddress.getLoopbackAddress();

    @Test
    void keepsTheProxyButNotTheSocketForAnotherHost() {
        assertThat(Way.over(PROXY, FROM).elsewhere()).isEqualTo(Way.over(PROXY, FROM));
        assertThat(Way.socket(SOCKET).elsewhere()).isEqualTo(Way.DIRECT);
        assertThat(Way.DIRECT.elsewhere()).isSameAs(Way.DIRECT);
    }

    @Test
    void refusesASocketBehindAProxy() {
        assertThatThrownBy(() -> new Way(PROXY, null, SOCKET)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Way(null, FROM, SOCKET)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void relaysOnlyCleartext() {
        Way way = Way.over(PROXY, null);

        assertThat(new Target("svc.test", 80, null, way).relay()).isEqualTo(PROXY);
        assertThat(new Target("svc.test", 443, TlsSettings.DEFAULT, way).relay())
                .isNull();
    }

    @Test
    void showsNoCredentials() {
        assertThat(new Target("svc.test", 80, null, Way.over(PROXY, null)).toString())
                .contains("http://proxy.test:3128")
                .doesNotContain("c2VjcmV0");
    }
}
