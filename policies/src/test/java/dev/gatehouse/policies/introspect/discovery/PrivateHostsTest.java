package dev.gatehouse.policies.introspect.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateHostsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST.",
                "a.localhost",
                "intranet",
                "printer.local",
                "metadata.google.internal",
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.8.8.8",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.168.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "1.2.3.0x7f",
                "256.1.1.1",
                "127.0.0.1.",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:a00:1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "1:2",
            })
    void refusesWhatIsNotOnTheInternet(String host) {
        assertThat(PrivateHosts.contain(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "as.example.com",
                "as.example.com.",
                "localhost.example.com",
                "8.8.8.8",
                "100.63.0.1",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.2.1",
                "192.169.0.1",
                "198.20.0.1",
                "223.255.255.255",
                "2001:db8::1",
                "2606:4700::1111",
                "::ffff:8.8.8.8",
                "64:ff9b::808:808",
                "2002:808:808::1",
            })
    void acceptsWhatIsOnTheInternet(String host) {
        assertThat(PrivateHosts.contain(host)).isFalse();
    }
}
