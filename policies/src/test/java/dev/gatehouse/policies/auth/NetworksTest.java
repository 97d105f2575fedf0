package dev.gatehouse.policies.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.128/25, 10.0.0.128, true",
        "10.0.0.128/25, 10.0.0.127, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1/32, 192.0.2.1, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::1, ::1, true",
        "::/0, 10.0.0.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
    })
    void holdTheirAddresses(String network, String address, boolean held) {
        Networks networks = Networks.of(List.of("198.51.100.1", network));

        assertThat(networks.hold(new InetSocketAddress(address, 1))).isEqualTo(held);
    }

    @Test
    void holdNoAddressThatWasNotResolved() {
        assertThat(Networks.of(List.of("0.0.0.0/0")).hold(InetSocketAddress.createUnresolved("10.0.0.1", 1)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/x",
                "::/129",
                "10.0.0.0/-1",
                "/8"
            })
    void refuseWhatIsNone(String text) {
        assertThat(Networks.isOne(text)).isFalse();
    }
}
