package dev.gatehouse.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.OpsConfig;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SmallPartsTest {
    @ParameterizedTest
    @CsvSource({"0, 0 warnings", "1, 1 warning", "2, 2 warnings", "1204, 1 204 warnings", "1234567, 1 234 567 warnings"
    })
    void countsWithNouns(long number, String text) {
        assertThat(Counts.of(number, "warning")).isEqualTo(text);
    }

    @Test
    void writesTreesAsAsciiJson() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("text", "a\"é\u0001");
        tree.put("list", Arrays.asList(1, 2L, 0.5, true, null));
        tree.put("unbounded", Double.POSITIVE_INFINITY);

        assertThat(new String(Json.bytes(tree), UTF_8))
                .isEqualTo(
                        "{\"text\":\"a\\\"\\u00E9\\u0001\",\"list\":[1,2,0.5,true,null],\"unbounded\":\"Infinity\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 127.0.0.1, 9877, false",
        "0.0.0.0, '', 0.0.0.0, 9877, false",
        "'', 9000, 127.0.0.1, 9000, true",
        "'', 0, 127.0.0.1, 0, true",
        "'', 65536, 127.0.0.1, 9877, false",
        "'', nine, 127.0.0.1, 9877, false"
    })
    void takesTheOpsAddressFromTheEnvironment(
            String host, String port, String boundHost, int boundPort, boolean asked) {
        Map<String, String> environment = Map.of("GATEWAY_OPS_HOST", host, "GATEWAY_OPS_PORT", port);

        assertThat(OpsAddress.of(new OpsConfig(9877, "127.0.0.1", false), environment))
                .isEqualTo(new OpsConfig(boundPort, boundHost, asked));
    }

    @Test
    void writesAddressesAsPeopleReadThem() throws UnknownHostException {
        byte[] ipv6 = new byte[16];
        ipv6[15] = 1;

        assertThat(Addresses.text(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 80)))
                .isEqualTo("0.0.0.0:80");
        assertThat(Addresses.text(new InetSocketAddress(InetAddress.getByAddress(ipv6), 80)))
                .isEqualTo("[0:0:0:0:0:0:0:1]:80");
        assertThat(Addresses.reason(new BindException("Address already in use")))
                .isEqualTo("it is in use");
    }
}
