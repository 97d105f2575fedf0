package dev.gatehouse.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 8080, 127.0.0.1, 8080, true",
        "127.0.0.1, 8080, 127.0.0.2, 8080, false",
        "127.0.0.1, 8080, 127.0.0.1, 8081, false",
        "127.0.0.1, 8080, ,          8080, true",
        ",          8080, 127.0.0.1, 8080, true",
        "0.0.0.0,   8080, 127.0.0.1, 8080, true",
        "'::',      8080, 127.0.0.1, 8080, true",
        "127.0.0.1, 0,    127.0.0.1, 8080, false"
    })
    void knowsWhatCannotBeOpenAtATime(
            @Nullable String wanted, int port, @Nullable String open, int openPort, boolean overlap) {
        BindAddress address = new BindAddress("http", wanted, port);

        // The other one may have been written as port 0; what it got counts.
        assertThat(address.overlaps(new BindAddress("http", open, 0), openPort)).isEqualTo(overlap);
    }
}
