package dev.gatehouse.policies.introspect.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.introspect.trial.TokenText.Form;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenTextTest {
    private static final String HEADER = encoded("{\"alg\":\"ES256\"}");

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    @Test
    void readsTheClaimsOfASignedToken() {
        TokenText text = TokenText.of(HEADER + "." + encoded("{\"iss\":\"a\"}") + ".x");

        assertThat(text.form()).isEqualTo(Form.SIGNED_JWT);
        assertThat(text.payload()).containsEntry("iss", "a");
        assertThat(text.toString()).isEqualTo("SIGNED_JWT");
    }

    @Test
    void knowsAnEncryptedToken() {
        assertThat(TokenText.of(HEADER + ".a.b.c.d").form()).isEqualTo(Form.ENCRYPTED_JWT);
    }

    @ParameterizedTest
    @CsvSource({"abc", "a.b.c", "HEADER.b", "HEADER.!.c", "HEADER.W10.c", "e30.e30.c", "..", "....", "HEADER.e30.c.d"})
    void takesEverythingElseForOpaque(String token) {
        TokenText text = TokenText.of(token.replace("HEADER", HEADER));

        assertThat(text.form()).isEqualTo(Form.OPAQUE);
        assertThat(text.payload()).isEmpty();
    }
}
