package dev.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MarksTest {
    private static final String PAYLOAD = "eyJzdWIiOiJhbGljZSIsInNjb3BlIjoib3JkZXJzOnJlYWQifQ";
    private static final String SIGNATURE = "bm90LWEtcmVhbC1zaWduYXR1cmUtYnV0LW9mLXN1Y2gtYS1sZW5ndGg";

    private final Marks marks = new Marks();

    @BeforeEach
    void useSecrets() {
        marks.add("secret with spaces");
        marks.add("eyJhbGciOiJSUzI1NiJ9." + PAYLOAD + "." + SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sent secret with spaces",
                "body: client_secret=secret+with+spaces&token=t",
                "payload " + PAYLOAD,
                "signature " + SIGNATURE
            })
    void refusesOutputWithASecretInIt(String output) {
        assertThatThrownBy(() -> marks.assertAbsentFrom("first line\n" + output + "\n", "the gateway"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the gateway");
    }

    @Test
    void letsOtherOutputPass() {
        assertThatCode(() -> marks.assertAbsentFrom("token_fp=0a1b2c3d eyJhbGciOiJSUzI1NiJ9\n", "the gateway"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesSecretsThatCouldBeAnyText() {
        assertThatThrownBy(() -> marks.add("short")).isInstanceOf(IllegalArgumentException.class);
    }
}
