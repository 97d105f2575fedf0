package dev.gatehouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.upstream.ScriptedPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The line that the access log has about a request, by what happened to it. */
@Timeout(60)
class AccessTrailIT {
    @Test
    void tellsWhoRefusedAndWhy() throws IOException {
        Policy refuses = exchange -> {
            exchange.auth().result(AuthTrail.Result.DENIED, "inactive");
            exchange.auth().source(AuthTrail.Source.CACHE, 0);
            return Verdict.reply(Reply.refuse(Refusal.TOKEN_INVALID));
        };
        try (ServerFixture server = new ServerFixture(Map.of(), refuses);
                RawClient client = new RawClient(server.port())) {
            client.get("/orders?access_token=secret", "User-Agent: probe", "Authorization: Bearer secret")
                    .read();

            assertThat(line(server))
                    .contains("\"status\":401", "\"method\":\"GET\"", "\"host\":\"localhost\"")
                    .contains("\"error\":\"inactive\"", "\"decided_by\":\"step@1\"")
                    .contains("\"auth\":\"denied\"", "\"auth_reason\":\"inactive\"", "\"auth_source\":\"cache\"")
                    .contains("\"endpoint\":\"api\"", "\"pipeline\":\"pipeline\"", "\"user_agent\":\"probe\"")
                    .contains("\"bytes_in\":0", "\"bytes_out\":12")
                    .doesNotContain("upstream")
                    .doesNotContain("secret");
        }
    }

    @Test
    void tellsWhatAServiceAnswered() throws IOException {
        Policy identifies = exchange -> {
            exchange.auth().result(AuthTrail.Result.OK, null);
            exchange.identify(new Identity(Map.of("sub", "alice", "client_id", "shop")));
            return Verdict.next();
        };
        try (ScriptedPeer peer = ScriptedPeer.start();
                ServerFixture server = new ServerFixture(Map.of(), identifies, forward(peer));
                RawClient client = new RawClient(server.port())) {
            client.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            client.read();

            assertThat(line(server))
                    .contains("\"status\":200", "\"auth\":\"ok\"", "\"sub\":\"alice\"", "\"client_id\":\"shop\"")
                    .contains("\"upstream\":\"127.0.0.1:" + peer.port() + '"', "\"upstream_status\":200")
                    .contains("\"upstream_ms\":", "\"gateway_ms\":", "\"bytes_in\":3", "\"bytes_out\":5")
                    .doesNotContain("\"error\"", "\"decided_by\"");
        }
    }

    @Test
    void tellsWhatAServiceFailedWith() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.start();
                ServerFixture server = new ServerFixture(Map.of(), forward(peer));
                RawClient client = new RawClient(server.port())) {
            peer.otherwise(ScriptedPeer.Connection::close);
            client.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            client.read();

            assertThat(line(server))
                    .contains("\"status\":502", "\"error\":\"upstream_reset\"")
                    .contains("\"upstream\":\"127.0.0.1:" + peer.port() + '"')
                    .doesNotContain("upstream_status");
        }
    }

    @Test
    void tellsTheStatusAndTheFailureOfAResponseThatWasCut() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.start();
                ServerFixture server = new ServerFixture(Map.of(), forward(peer));
                RawClient client = new RawClient(server.port())) {
            peer.otherwise(connection -> {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                connection.close();
            });
            client.get("/orders");
            client.rest();

            assertThat(line(server))
                    .contains("\"status\":200", "\"upstream_status\":200")
                    .contains("\"error\":\"upstream_");
        }
    }

    @Test
    void tellsThatTheClientLeft() throws IOException {
        CompletableFuture<Void> never = new CompletableFuture<>();
        Policy waits = exchange -> Verdict.await(never, done -> Verdict.next());
        try (ServerFixture server = new ServerFixture(Map.of(), waits);
                RawClient client = new RawClient(server.port())) {
            client.get("/orders");
            await().until(() -> server.traffic.inFlight() == 1);
            client.reset();

            assertThat(line(server))
                    .contains("\"status\":499", "\"error\":\"client_gone\"", "\"bytes_out\":0")
                    .doesNotContain("upstream");
        }
    }

    @Test
    void tellsOfAHeadThatCannotBeRead() throws IOException {
        try (ServerFixture server = new ServerFixture(Map.of(), exchange -> Verdict.next());
                RawClient client = new RawClient(server.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n").read();

            assertThat(line(server))
                    .contains("\"status\":400", "\"error\":\"bad_request\"")
                    .doesNotContain("\"endpoint\"", "\"pipeline\"");
        }
    }

    @Test
    void countsNoBodyForAnAnswerToHead() throws IOException {
        Policy refuses = exchange -> Verdict.reply(Reply.refuse(Refusal.NO_CREDENTIALS));
        try (ServerFixture server = new ServerFixture(Map.of(), refuses);
                RawClient client = new RawClient(server.port())) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read(true);

            assertThat(line(server)).contains("\"status\":401", "\"bytes_out\":0");
        }
    }

    private static String line(ServerFixture server) {
        await().until(() -> !server.log.isEmpty());
        assertThat(server.log).hasSize(1);
        return server.log.element();
    }

    private static Policy forward(ScriptedPeer peer) {
        ForwardPlan plan =
                new ForwardPlan("backend", List.of(new Target("127.0.0.1", peer.port(), null)), "/x", null, false);
        return exchange -> Verdict.forward(plan);
    }
}
