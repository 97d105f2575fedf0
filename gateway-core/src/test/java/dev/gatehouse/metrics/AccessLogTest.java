package dev.gatehouse.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.exchange.AuthTrail;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessLogTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private String written(AccessOptions options, AccessRecord... records) {
        AccessLog log = AccessLog.open(options, ZoneOffset.UTC, output::writeBytes, meters);
        for (AccessRecord record : records) {
            log.write(record);
        }
        log.end().toCompletableFuture().join();
        return output.toString(UTF_8);
    }

    private static AccessRecord record(int status, String target) {
        AccessRecord record = new AccessRecord();
        record.endMillis = Instant.parse("2026-01-31T12:00:04.530Z").toEpochMilli();
        record.status = status;
        record.method = "GET";
        record.target = target;
        record.endpoint = "orders";
        record.durationNanos = 3_600_000;
        return record;
    }

    private static AccessRecord full() throws UnknownHostException {
        AuthTrail trail = new AuthTrail();
        trail.result(AuthTrail.Result.OK, null);
        trail.source(AuthTrail.Source.INTROSPECTED, 2_100_000);
        trail.tokenFingerprint("9f2c41d0");
        trail.decidedBy("oauth2-introspect@24");
        AccessRecord record = record(200, "/orders/7?full=1&access_token=MARKER");
        record.auth(trail);
        record.requestId = "01J";
        record.traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        record.spanId = "00f067aa0ba902b7";
        record.scheme = "https";
        record.host = "api.example.com";
        record.protocol = "http/1.1";
        record.bytesIn = 0;
        record.bytesOut = 1204;
        record.gatewayNanos = 400_400;
        record.upstreamNanos = 1_000_000;
        record.firstByteNanos = 3_500_600;
        record.pipeline = "orders-pipeline";
        record.client = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7});
        record.userAgent = "curl/8";
        record.subject = "alice";
        record.clientId = "web";
        record.upstream = "10.0.0.7:3000";
        record.upstreamStatus = 200;
        record.upstreamAttempts = 1;
        record.error = "client_gone";
        return record;
    }

    private static AccessOptions json(boolean identity, boolean query) {
        return new AccessOptions(Access.ALL, true, identity, query, "");
    }

    private static AccessOptions human(boolean identity) {
        return new AccessOptions(Access.ALL, false, identity, false, "");
    }

    @Nested
    final class Json {
        @Test
        void hasEveryFieldInTheDocumentedOrder() throws UnknownHostException {
            assertThat(written(json(true, true), full())).isEqualTo("""
                {"time":"2026-01-31T12:00:04.530Z","event":"access","request_id":"01J",\
                "trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7",\
                "method":"GET","scheme":"https","host":"api.example.com",\
                "path":"/orders/7?full=1&access_token=***","protocol":"http/1.1","status":200,\
                "bytes_in":0,"bytes_out":1204,"duration_ms":3.600,"gateway_ms":0.400,\
                "introspect_ms":2.100,"upstream_ms":1.000,"first_byte_ms":3.501,\
                "endpoint":"orders","pipeline":"orders-pipeline","client_ip":"192.0.2.7","user_agent":"curl/8",\
                "auth":"ok","auth_source":"introspected","sub":"alice","client_id":"web","token_fp":"9f2c41d0",\
                "upstream":"10.0.0.7:3000","upstream_status":200,"upstream_attempts":1,\
                "decided_by":"oauth2-introspect@24","error":"client_gone"}
                """);
        }

        @Test
        void leavesOutWhatIsUnknown() {
            AccessRecord record = new AccessRecord();
            record.status = 400;
            record.error = "bad_request";

            assertThat(written(json(false, false), record)).isEqualTo("""
                {"time":"1970-01-01T00:00:00.000Z","event":"access","status":400,"duration_ms":0.000,\
                "auth":"none","error":"bad_request"}
                """);
        }

        @Test
        void showsNeitherIdentityNorQueryUnlessAsked() throws UnknownHostException {
            assertThat(written(json(false, false), full()))
                    .contains("\"path\":\"/orders/7\"")
                    .doesNotContain("alice", "\"web\"", "MARKER", "full=1");
        }

        @Test
        void staysOneLineWhateverTheClientSent() {
            AccessRecord record = record(404, "/a\nb\u001b[2J\u009b\u2028");
            record.userAgent = "x\r\n{\"forged\":true}";

            assertThat(written(json(false, false), record))
                    .endsWith("}\n")
                    .containsOnlyOnce("\n")
                    .contains("\"path\":\"/a\\nb\\u001B[2J\\u009B\\u2028\"")
                    .contains("\"user_agent\":\"x\\r\\n{\\\"forged\\\":true}\"");
        }
    }

    @Nested
    final class Human {
        @Test
        void readsLikeTheDemo() throws UnknownHostException {
            AccessRecord passed = full();
            passed.target = "/orders";
            passed.error = null;
            AccessRecord refused = record(401, "/orders");
            refused.auth = AuthTrail.Result.DENIED;
            refused.authReason = "no_token";
            refused.durationNanos = 312_000;

            assertThat(written(human(true), passed, refused)).isEqualTo("""
                12:00:04.530  200  GET  /orders  orders  alice  introspected 2.1 ms  upstream 1.0 ms  3.6 ms
                12:00:04.530  401  GET  /orders  orders  no token                                   0.3 ms
                """);
        }

        @Test
        void cannotBeForgedByControlCharacters() {
            assertThat(written(human(false), record(404, "/a\r\n12:00\u001b[31m")))
                    .contains("/a\\u000d\\u000a12:00\\u001b[31m")
                    .containsOnlyOnce("\n");
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
        /a?token=S,              /a?token=***
        /a?TOKEN=S&b=1,          /a?TOKEN=***&b=1
        /a?b=1&access%5Ftoken=S, /a?b=1&access%5Ftoken=***
        /a?x;code=S;y=2,         /a?x;code=***;y=2
        /a?%zz=S,                /a?%zz=***
        /a?client_secret=S&&q,   /a?client_secret=***&&q
        /a?my_token=S,           /a?my_token=***
        /a?t=eyJh.eyJz.c2ln&b=1, /a?t=***&b=1
        /a?t=eye.colour,         /a?t=eye.colour
        /a?codex=1,              /a?codex=1
        /a?,                     /a?
        /a,                      /a
        """)
    void masksSecretsOfQueries(String target, String shown) {
        assertThat(LoggedTarget.of(target, true)).isEqualTo(shown);
        assertThat(LoggedTarget.of(target, false)).isEqualTo("/a");
    }

    @ParameterizedTest
    @CsvSource({
        "ALL, 200, false, false, true",
        "DENIED, 200, false, false, false",
        "DENIED, 404, false, false, false",
        "DENIED, 401, true, false, true",
        "DENIED, 200, false, true, true",
        "DENIED, 503, false, false, true",
        "ERRORS, 401, true, false, false",
        "ERRORS, 502, true, true, true",
        "OFF, 500, true, true, false"
    })
    void wantsWhatTheLevelSays(Access level, int status, boolean refused, boolean failed, boolean wanted) {
        try (AccessLog log =
                AccessLog.open(new AccessOptions(level, true, false, false, ""), output::writeBytes, meters)) {
            assertThat(log.wants(status, refused, failed)).isEqualTo(wanted);
        }
    }

    @Test
    void writesWithoutBeingClosed() {
        try (AccessLog log = AccessLog.open(human(false), output::writeBytes, meters)) {
            log.write(record(200, "/first"));
            await().until(() -> output.toString(UTF_8).contains("/first"));

            log.write(record(200, "/second"));

            await().until(() -> output.toString(UTF_8).contains("/second"));
        }
    }

    @Test
    void dropsAndCountsWhatDoesNotFitAndNeverBlocks() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AccessLog log = AccessLog.open(
                human(false),
                lines -> {
                    stuck.countDown();
                    awaitQuietly(release);
                    output.writeBytes(lines);
                },
                meters);
        log.write(record(200, "/head"));
        stuck.await();

        for (int i = 0; i < 40_000; i++) {
            log.write(record(200, "/more"));
        }
        double dropped = meters.get("gateway.log.dropped").counter().count();
        release.countDown();
        log.end().toCompletableFuture().join();

        assertThat(dropped).isGreaterThan(20_000);
        assertThat(output.toString(UTF_8).lines().count()).isEqualTo(40_001 - (long) dropped);
    }

    @Test
    void countsLinesThatCannotBeWritten() {
        AccessLog log = AccessLog.open(
                human(false),
                lines -> {
                    throw new IllegalStateException("no space left");
                },
                meters);

        log.write(record(200, "/a"));
        log.end().toCompletableFuture().join();

        assertThat(meters.get("gateway.log.dropped").counter().count()).isEqualTo(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
