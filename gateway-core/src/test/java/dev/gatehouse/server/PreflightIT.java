package dev.gatehouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OPTIONS for an apiEndpoint that lists its methods without OPTIONS. */
@Timeout(60)
class PreflightIT {
    private static final Policy REFUSE = exchange -> Verdict.reply(Reply.refuse(Refusal.NO_CREDENTIALS));
    private static final String PREFLIGHT =
            "OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.test\r\nAccess-Control-Request-Method: PUT\r\n\r\n";

    /** Answers preflights with 204, or only marks them. */
    private record Preflights(boolean answers) implements Policy {
        @Override
        public Verdict apply(Exchange exchange) {
            exchange.onResponse(response -> response.message().headers().set("x-seen", "1"));
            return answers ? Verdict.reply(Reply.of(null, 204, "text/plain", new byte[0])) : Verdict.next();
        }

        @Override
        public boolean answersPreflights() {
            return true;
        }
    }

    private static RawClient.Response send(String request, Policy... policies) throws IOException {
        try (ServerFixture server = ServerFixture.serving(List.of("GET", "PUT"), policies);
                RawClient client = new RawClient(server.port())) {
            client.send(request);
            return client.read();
        }
    }

    @Test
    void answersAPreflightByItsPolicyAndRunsNoOther() throws IOException {
        RawClient.Response response = send(PREFLIGHT, REFUSE, new Preflights(true));

        assertThat(response.status()).isEqualTo(204);
    }

    @Test
    void listsTheMethodsWhereThePolicyDoesNotAnswer() throws IOException {
        RawClient.Response response = send(PREFLIGHT, new Preflights(false), REFUSE);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-seen")).isEqualTo("1");
        assertThat(response.header("allow")).isEqualTo("GET,HEAD,PUT");
        assertThat(response.body()).isEqualTo("GET,HEAD,PUT");
    }

    @Test
    void listsTheMethodsWhereNoPolicyAnswersPreflights() throws IOException {
        assertThat(send(PREFLIGHT, REFUSE).body()).isEqualTo("GET,HEAD,PUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: https://a.test", "Access-Control-Request-Method: PUT", "X-A: b"})
    void listsTheMethodsForWhatIsNoPreflight(String header) throws IOException {
        RawClient.Response response =
                send("OPTIONS / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n", new Preflights(true));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-seen")).isNull();
    }

    @Test
    void refusesToRunThePolicyForAMethodThatIsNotServed() throws IOException {
        RawClient.Response response = send(PREFLIGHT.replace("PUT", "DELETE"), new Preflights(true));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-seen")).isNull();
    }
}
