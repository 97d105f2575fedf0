package dev.gatehouse.policies;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminatePolicyTest {
    private static TerminatePolicy.Config config(int status, String message) {
        return new TerminatePolicy.Config(status, message, "text/html; charset=utf-8");
    }

    @Test
    void answersWithStatusAndMessage() {
        ExchangeFixture exchange =
                ExchangeFixture.get("/").run(new TerminatePolicy(config(403, "gr\u00fc\u00dfe \u2603")));

        Reply reply = requireNonNull(exchange.reply());
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.refusal()).isEqualTo(Refusal.TERMINATED);
        Reply.Content content = requireNonNull(reply.content());
        assertThat(content.mediaType()).isEqualTo("text/html; charset=utf-8");
        assertThat(new String(content.bytes(), StandardCharsets.UTF_8)).isEqualTo("gr\u00fc\u00dfe \u2603");
    }

    @Test
    void stopsThePipeline() {
        ExchangeFixture exchange = ExchangeFixture.get("/").run(new TerminatePolicy(config(200, "")), x -> {
            throw new AssertionError("reached");
        });

        assertThat(requireNonNull(exchange.reply()).status()).isEqualTo(200);
        assertThat(exchange.failure()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101, 199, 600})
    void refusesWhatIsNoFinalStatus(int status) {
        assertThatThrownBy(() -> config(status, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("statusCode: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "text/html\r\nx: y", "t\u00e9xt"})
    void refusesWhatIsNoMediaType(String type) {
        assertThatThrownBy(() -> new TerminatePolicy.Config(200, "x", type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("contentType: ");
    }

    @Test
    void isTerminal() {
        TerminatePolicy.Factory factory = new TerminatePolicy.Factory();

        assertThat(factory.terminal()).isTrue();
        assertThat(factory.name()).isEqualTo("terminate");
        assertThat(factory.config()).isEqualTo(TerminatePolicy.Config.class);
    }
}
