package dev.gatehouse.server;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.upstream.ScriptedPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How header names of a service are spelt on their way to the client. */
@Timeout(60)
class HeaderCaseIT {
    private static final String ANSWER = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "X-MiXed-Case: Value",
            "ETAG: W",
            "set-COOKIE: a=1",
            "Set-Cookie: b=2",
            "Transfer-Encoding: chunked",
            "",
            "2",
            "ok",
            "0",
            "X-Sum-OF: 9",
            "",
            "");

    private final ScriptedPeer service = ScriptedPeer.start();

    @AfterEach
    void stop() {
        service.close();
    }

    private Policy forward(boolean preserve) {
        Target target = new Target("127.0.0.1", service.port(), null);
        return exchange -> Verdict.forward(new ForwardPlan("backend", List.of(target), "/", null, preserve));
    }

    private RawClient.Response answer(Policy... policies) throws IOException {
        service.script(send(ANSWER));
        try (ServerFixture server = new ServerFixture(Map.of(), policies);
                RawClient client = new RawClient(server.port())) {
            return client.get("/").read();
        }
    }

    @Test
    void isLowerWithoutTheOption() throws IOException {
        RawClient.Response response = answer(forward(false));

        assertThat(response.headers())
                .startsWith("x-mixed-case: Value", "etag: W", "set-cookie: a=1", "set-cookie: b=2");
        assertThat(response.body()).isEqualTo("ok[trailer x-sum-of: 9]");
    }

    @Test
    void isThatOfTheServiceWithTheOption() throws IOException {
        RawClient.Response response = answer(forward(true));

        assertThat(response.headers())
                .startsWith("X-MiXed-Case: Value", "ETAG: W", "set-COOKIE: a=1", "Set-Cookie: b=2");
        assertThat(response.body()).isEqualTo("ok[trailer X-Sum-OF: 9]");
    }

    @Test
    void isThatOfAPolicyWhereThePolicyWroteTheField() throws IOException {
        Policy sets = exchange -> {
            exchange.onResponse(response -> response.message().headers().set("x-mixed-case", "ours"));
            return Verdict.next();
        };

        RawClient.Response response = answer(sets, forward(true));

        assertThat(response.headers()).contains("x-mixed-case: ours", "ETAG: W");
        assertThat(response.headers()).doesNotContain("X-MiXed-Case: Value");
    }

    @Test
    void isLowerInTheNextAnswerOfTheGatewayItself() throws IOException {
        service.script(send(ANSWER));
        Policy once = exchange -> exchange.request().uri().equals("/again")
                ? Verdict.reply(
                        Reply.of(null, 200, "text/plain", new byte[] {'x'}).withHeader("X-Own", "1"))
                : Verdict.next();
        try (ServerFixture server = new ServerFixture(Map.of(), once, forward(true));
                RawClient client = new RawClient(server.port())) {
            client.get("/").read();

            assertThat(client.get("/again").read().headers()).contains("x-own: 1");
        }
    }
}
