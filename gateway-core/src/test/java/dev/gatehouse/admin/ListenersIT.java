package dev.gatehouse.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.transport.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenersIT {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Transport transport = Transport.detect();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private @Nullable LocalServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    /** Sends the lines as one request that closes its connection, and gives everything that comes back. */
    private String exchange(String... lines) throws IOException {
        return raw(String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n");
    }

    private String raw(String text) throws IOException {
        try (Socket socket = new Socket(
                ANY_PORT.getAddress(),
                requireNonNull(server, "server").address().getPort())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Nested
    final class Ops {
        private final AtomicReference<Readiness> readiness =
                new AtomicReference<>(new Readiness(true, "ready", List.of("introspection as.example: open")));
        private boolean alive = true;

        private void open() {
            server = OpsListener.open(
                            transport,
                            ANY_PORT,
                            () -> CompletableFuture.completedFuture(alive),
                            readiness::get,
                            type -> "# " + type + "\n")
                    .toCompletableFuture()
                    .join();
        }

        @ParameterizedTest
        @ValueSource(strings = {"/ready", "/-/ready"})
        void listsTheStateWhenReady(String path) throws IOException {
            open();

            assertThat(exchange("GET " + path + " HTTP/1.1", "Host: x"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\nready\nintrospection as.example: open\n");
        }

        @Test
        void isNotReadyWhileStopping() throws IOException {
            open();
            readiness.set(new Readiness(false, "stopping", List.of()));

            assertThat(exchange("GET /ready HTTP/1.1", "Host: x"))
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("stopping\n");
        }

        @Test
        void isHealthyAsLongAsLoopsTurn() throws IOException {
            open();

            assertThat(exchange("GET /health HTTP/1.1", "Host: x")).startsWith("HTTP/1.1 200 ");
            alive = false;
            assertThat(exchange("GET /-/healthy HTTP/1.1", "Host: x")).startsWith("HTTP/1.1 503 ");
        }

        @ParameterizedTest
        @CsvSource({
            "text/plain, text/plain; version=0.0.4",
            "application/openmetrics-text;version=1.0.0, application/openmetrics-text; version=1.0.0"
        })
        void givesMetricsInTheFormThatIsAskedFor(String accept, String type) throws IOException {
            open();

            assertThat(exchange("GET /metrics HTTP/1.1", "Host: x", "Accept: " + accept))
                    .containsIgnoringCase("content-type: " + type)
                    .contains("# " + type);
        }

        @Test
        void answersHeadWithoutBody() throws IOException {
            open();

            assertThat(exchange("HEAD /ready HTTP/1.1", "Host: x"))
                    .containsIgnoringCase("content-length: 37")
                    .endsWith("\r\n\r\n");
        }

        @ParameterizedTest
        @CsvSource({"POST /ready, 405", "DELETE /metrics, 405", "GET /users, 404", "GET /ready/, 404"})
        void refusesEverythingElse(String line, int status) throws IOException {
            open();

            assertThat(exchange(line + " HTTP/1.1", "Host: x", "Content-Length: 0"))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @Nested
    final class Admin {
        private void open() {
            Router router =
                    new Router().on(HttpMethod.POST, "/change", call -> call.reply(200, Call.JSON, call.body()));
            router.on(HttpMethod.GET, "/fails", call -> {
                throw new IllegalStateException("MARKER");
            });
            server = AdminListener.open(transport, ANY_PORT, "Gateway.Internal", router, meters)
                    .toCompletableFuture()
                    .join();
        }

        @ParameterizedTest
        @ValueSource(strings = {"localhost:9876", "localhost", "127.0.0.1:1", "[::1]:9876", "gateway.internal:9876"})
        void answersWhenTheHostIsItsOwn(String host) throws IOException {
            open();

            assertThat(exchange("POST /change HTTP/1.1", "Host: " + host, "Content-Length: 0"))
                    .startsWith("HTTP/1.1 200 ");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"evil.example", "evil.example:9876", "localhost.evil.example", "127.0.0.1.evil.example", ""})
        void refusesForeignHosts(String host) throws IOException {
            open();

            assertThat(exchange("POST /change HTTP/1.1", "Host: " + host, "Content-Length: 0"))
                    .startsWith("HTTP/1.1 421 ");
            assertThat(meters.get("gateway.admin.refused").counter().count()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"Origin: http://localhost:9876", "Sec-Fetch-Site: cross-site", "Referer: http://evil/"})
        void refusesChangesOfBrowsersWithoutConsent(String header) throws IOException {
            open();

            assertThat(exchange("POST /change HTTP/1.1", "Host: localhost", "Content-Length: 0", header))
                    .startsWith("HTTP/1.1 403 ")
                    .doesNotContainIgnoringCase("access-control-allow");
            assertThat(exchange(
                            "POST /change HTTP/1.1",
                            "Host: localhost",
                            "Content-Length: 0",
                            header,
                            "X-Gateway-Admin: 1"))
                    .startsWith("HTTP/1.1 200 ");
        }

        @Test
        void refusesBodiesOverTheLimit() throws IOException {
            open();
            String head = "POST /change HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ";
            int limit = LocalServer.MAX_BODY_BYTES;

            assertThat(raw(head + limit + "\r\n\r\n" + "x".repeat(limit))).startsWith("HTTP/1.1 200 ");
            // The body is not sent: the refusal comes first, and unread bytes would reset the connection.
            assertThat(raw(head + (limit + 1) + "\r\n\r\n")).startsWith("HTTP/1.1 413 ");
        }

        @Test
        void refusesBrokenRequests() throws IOException {
            open();

            assertThat(raw("POST /change HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ");
        }

        @Test
        void doesNotTellWhyAResourceFailed() throws IOException {
            open();

            assertThat(exchange("GET /fails HTTP/1.1", "Host: localhost"))
                    .startsWith("HTTP/1.1 500 ")
                    .doesNotContain("MARKER");
        }

        @Test
        void refusesToBindBeyondLoopback() {
            var opened =
                    AdminListener.open(transport, new InetSocketAddress("0.0.0.0", 0), "0.0.0.0", call -> {}, meters);

            assertThatThrownBy(() -> opened.toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("'0.0.0.0' is not a loopback address");
        }

        @Test
        void refusesPipeliningWhileACallIsUnanswered() throws IOException {
            server = LocalServer.open(transport, ANY_PORT, call -> {})
                    .toCompletableFuture()
                    .join();

            assertThat(raw("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .isEmpty();
        }
    }
}
