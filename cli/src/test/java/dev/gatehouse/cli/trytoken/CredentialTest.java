package dev.gatehouse.cli.trytoken;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.Target;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialTest {
    private static Credential of(String authorization, String form) {
        HttpHeaders headers = new DefaultHttpHeaders();
        if (!authorization.isEmpty()) {
            headers.set("authorization", authorization);
        }
        Duration second = Duration.ofSeconds(1);
        return Credential.of(new HttpCall(
                new Target("as", 443, null),
                HttpMethod.POST,
                "/",
                headers,
                form.getBytes(UTF_8),
                1,
                second,
                second,
                second));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic Z3c6czNjcjN0|''|client 'gw', client_secret_basic",
                "bAsIc Z3clM0FhOnMzY3IzdA==|''|client 'gw:a', client_secret_basic",
                "Basic !|''|client_secret_basic",
                "Basic Z3c=|''|client_secret_basic",
                "Bearer s3cr3t|''|bearer",
                "s3cr3t|''|authorization_value",
                "''|token=t&client_id=g%26w&client_secret=s3cr3t|client 'g&w', client_secret_post",
                "''|token=t&client_id=gw&client_assertion=s3cr3t|client 'gw', private_key_jwt",
                "''|token=t&client_id=gw|client 'gw', tls_client_auth",
                "''|token=t|no client authentication",
            })
    void tellsTheMethodAndNoSecret(String authorization, String form, String text) {
        assertThat(of(authorization, form).text()).isEqualTo(text).doesNotContain("s3cr3t");
    }
}
