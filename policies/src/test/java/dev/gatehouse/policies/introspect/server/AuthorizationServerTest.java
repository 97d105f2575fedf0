package dev.gatehouse.policies.introspect.server;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static dev.gatehouse.policies.introspect.server.ServerFixture.introspect;
import static dev.gatehouse.policies.introspect.server.ServerFixture.reuse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Rejected;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.credentials.FixedCredentials;
import dev.gatehouse.policies.introspect.report.Cause;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationServerTest {
    private static final Reuse MINUTE = reuse(60, 5);

    private final ServerFixture fixture = new ServerFixture();

    @Nested
    class Request {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "req-2|token=req-2&token_type_hint=access_token",
                    "a+b/c==|token=a%2Bb%2Fc%3D%3D&token_type_hint=access_token",
                    "a&b=c%41;d|token=a%26b%3Dc%2541%3Bd&token_type_hint=access_token",
                    "a&client_id=x+%|token=a%26client_id%3Dx%2B%25&token_type_hint=access_token",
                })
        void encodesTheToken(String token, String body) {
            introspect(fixture.open(MINUTE), token, MINUTE);

            assertThat(fixture.endpoint.body(0)).isEqualTo(body);
            assertThat(fixture.endpoint.parameter(0, "token")).containsExactly(token);
        }

        @Test
        void carriesNothingElse() {
            introspect(fixture.open(MINUTE), "t", MINUTE);

            HttpCall call = fixture.endpoint.call(0);
            assertThat(call.method().name()).isEqualTo("POST");
            assertThat(call.requestTarget()).isEqualTo("/introspect");
            assertThat(call.headers().names()).containsExactlyInAnyOrder("accept", "content-type", "authorization");
            assertThat(call.headers().get("accept")).isEqualTo("application/json");
            assertThat(call.headers().get("content-type")).isEqualTo("application/x-www-form-urlencoded");
            assertThat(call.headers().get("authorization")).isEqualTo("Basic x");
        }

        @Test
        void authenticatesByBasic() {
            introspect(fixture.open(FixedCredentials.basic("id:1", new Secret("p:%+ \u00e4")), MINUTE), "t", MINUTE);

            String value = fixture.endpoint.call(0).headers().get("authorization");
            assertThat(value).startsWith("Basic ");
            assertThat(new String(Base64.getDecoder().decode(value.substring(6)), StandardCharsets.US_ASCII))
                    .isEqualTo("id%3A1:p%3A%25%2B+%C3%A4");
        }

        @Test
        void authenticatesByPost() {
            introspect(fixture.open(FixedCredentials.post("id", new Secret("a&b=c")), MINUTE), "t", MINUTE);

            assertThat(fixture.endpoint.call(0).headers().contains("authorization"))
                    .isFalse();
            assertThat(fixture.endpoint.parameter(0, "client_id")).containsExactly("id");
            assertThat(fixture.endpoint.parameter(0, "client_secret")).containsExactly("a&b=c");
        }

        @Test
        void authenticatesNotAtAll() {
            introspect(fixture.open(FixedCredentials.none(), MINUTE), "t", MINUTE);

            assertThat(fixture.endpoint.call(0).headers().contains("authorization"))
                    .isFalse();
            assertThat(fixture.endpoint.body(0)).isEqualTo("token=t&token_type_hint=access_token");
        }
    }

    @Nested
    class Repetition {
        @Test
        void hidesARefusedConnection() {
            fixture.endpoint.token("t", failed(CallResult.Cause.REFUSED), json("{\"active\":true}"));
            var answer = introspect(fixture.open(MINUTE), "t", MINUTE);
            assertThat(answer).isNotDone();

            fixture.time.passes(Duration.ofMillis(100));

            assertThat(answer).isCompletedWithValueMatching(Active.class::isInstance);
            assertThat(fixture.counted("gateway.introspection.retries", "reason", "refused"))
                    .isEqualTo(1);
        }

        @Test
        void bringsAnAnswerThatIsNotKeptWhenTheConnectionBroke() {
            var repeated = (CallResult.Answer) json("{\"active\":true}");
            fixture.endpoint.token(
                    "t", new CallResult.Answer(200, repeated.headers(), repeated.body(), true), repeated);
            AuthorizationServer server = fixture.open(MINUTE);

            introspect(server, "t", MINUTE);
            introspect(server, "t", MINUTE);
            introspect(server, "t", MINUTE);

            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @Test
        void happensOnce() {
            fixture.endpoint.always(failed(CallResult.Cause.REFUSED));
            var answer = introspect(fixture.open(MINUTE), "t", MINUTE);

            fixture.time.passes(Duration.ofSeconds(1));
            fixture.time.passes(Duration.ofSeconds(1));

            assertThat(answer).isCompletedWithValue(new Unavailable(Cause.REFUSED, 1));
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }

        @ParameterizedTest
        @CsvSource({"502,2", "503,2", "504,2", "500,1", "429,1", "401,1", "404,1"})
        void dependsOnTheStatus(int status, int calls) {
            fixture.endpoint.always(answer(status, ""));
            introspect(fixture.open(MINUTE), "t", MINUTE);

            fixture.time.passes(Duration.ofSeconds(1));

            assertThat(fixture.endpoint.count()).isEqualTo(calls);
        }

        @Test
        void doesNotHappenAgainstTheWishOfTheServer() {
            fixture.endpoint.always(answer(503, "", "retry-after", "9"));

            assertThat(introspect(fixture.open(MINUTE), "t", MINUTE))
                    .isCompletedWithValue(new Unavailable(Cause.STATUS, 9));
            assertThat(fixture.endpoint.count()).isEqualTo(1);
        }

        @ParameterizedTest
        @EnumSource(
                value = CallResult.Cause.class,
                mode = EnumSource.Mode.EXCLUDE,
                names = {"REFUSED"})
        void doesNotHappenAfterOtherFailures(CallResult.Cause cause) {
            fixture.endpoint.always(failed(cause));

            assertThat(introspect(fixture.open(MINUTE), "t", MINUTE))
                    .isCompletedWithValueMatching(Unavailable.class::isInstance);
            assertThat(fixture.endpoint.count()).isEqualTo(1);
        }

        @Test
        void staysWithinTheTimeOfTheWholeCall() {
            fixture.endpoint.token("t", failed(CallResult.Cause.REFUSED)).hold();
            var answer = introspect(fixture.open(MINUTE), "t", MINUTE);
            fixture.time.passes(Duration.ofMillis(9_990));
            fixture.endpoint.letGo();

            assertThat(answer).isCompletedWithValue(new Unavailable(Cause.REFUSED, 1));
            assertThat(fixture.endpoint.count()).isEqualTo(1);
        }

        @Test
        void getsOnlyTheTimeThatIsLeft() {
            fixture.endpoint
                    .token("t", failed(CallResult.Cause.REFUSED), json("{\"active\":true}"))
                    .hold();
            introspect(fixture.open(MINUTE), "t", MINUTE);
            fixture.time.passes(Duration.ofSeconds(9));
            fixture.endpoint.letGo();
            fixture.time.passes(Duration.ofMillis(100));

            assertThat(fixture.endpoint.call(0).totalTimeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(fixture.endpoint.call(1).totalTimeout()).isEqualTo(Duration.ofMillis(900));
            assertThat(fixture.endpoint.call(1).firstByteTimeout()).isEqualTo(Duration.ofMillis(900));
        }
    }

    @Nested
    class Breaker {
        private void fail(AuthorizationServer server, int calls) {
            fixture.endpoint.always(answer(500, ""));
            for (int i = 0; i < calls; i++) {
                introspect(server, "fail-" + i, MINUTE);
            }
        }

        @Test
        void stopsAskingAndKeepsKnownTokensGood() {
            fixture.endpoint.token("known", "{\"active\":true}");
            AuthorizationServer server = fixture.open(MINUTE);
            introspect(server, "known", MINUTE);
            fail(server, 19);

            for (int i = 0; i < 1000; i++) {
                assertThat(introspect(server, "new-" + i, MINUTE))
                        .isCompletedWithValue(new Unavailable(Cause.BREAKER, 5));
            }

            assertThat(fixture.endpoint.count()).isEqualTo(20);
            assertThat(introspect(server, "known", MINUTE)).isCompletedWithValueMatching(Active.class::isInstance);
            assertThat(server.state().breaker()).isEqualTo("open");
            assertThat(fixture.meters
                            .get("gateway.introspection.breaker.state")
                            .gauge()
                            .value())
                    .isEqualTo(2);
        }

        @Test
        void asksAgainAfterAWhile() {
            AuthorizationServer server = fixture.open(MINUTE);
            fail(server, 20);
            fixture.endpoint.recovers();
            fixture.time.passes(Duration.ofSeconds(5));

            for (int i = 0; i < 3; i++) {
                introspect(server, "probe-" + i, MINUTE);
            }

            assertThat(server.state().breaker()).isEqualTo("closed");
        }

        @Test
        void doesNotMindBadTokens() {
            fixture.endpoint.always(answer(400, "{\"error\":\"x\"}", "content-type", "application/json"));
            AuthorizationServer server = fixture.open(MINUTE);

            for (int i = 0; i < 50; i++) {
                assertThat(introspect(server, "t" + i, MINUTE)).isCompletedWithValue(new Rejected());
            }

            assertThat(server.state().breaker()).isEqualTo("closed");
            assertThat(fixture.counted("gateway.introspection.requests", "outcome", "rejected"))
                    .isEqualTo(50);
        }

        @Test
        void mindsRefusedCredentials() {
            fixture.endpoint.always(answer(401, ""));
            AuthorizationServer server = fixture.open(MINUTE);
            for (int i = 0; i < 20; i++) {
                introspect(server, "t" + i, MINUTE);
            }

            assertThat(server.state().breaker()).isEqualTo("open");
            assertThat(fixture.counted("gateway.introspection.credentials.refused"))
                    .isEqualTo(20);
        }
    }

    @Nested
    class Bulkhead {
        private List<CompletableFuture<Introspection>> ask(AuthorizationServer server, int calls) {
            List<CompletableFuture<Introspection>> answers = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                answers.add(introspect(server, "t" + i, MINUTE));
            }
            return answers;
        }

        @Test
        void boundsOpenCalls() {
            AuthorizationServer server = fixture.bulkhead(2, 3).open(MINUTE);
            fixture.endpoint.hold();

            List<CompletableFuture<Introspection>> answers = ask(server, 6);

            assertThat(fixture.endpoint.open()).isEqualTo(2);
            assertThat(server.state().queued()).isEqualTo(3);
            assertThat(answers.get(5)).isCompletedWithValue(new Unavailable(Cause.BULKHEAD, 1));
            fixture.endpoint.release();
            assertThat(fixture.endpoint.open()).isEqualTo(2);
            fixture.endpoint.letGo();
            assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
            assertThat(fixture.endpoint.count()).isEqualTo(5);
            assertThat(server.state().inFlight()).isZero();
        }

        @Test
        void refusesAfterTheLongestWait() {
            AuthorizationServer server = fixture.bulkhead(1, 10).open(MINUTE);
            fixture.endpoint.hold();
            List<CompletableFuture<Introspection>> answers = ask(server, 3);

            fixture.time.passes(Duration.ofMillis(999));
            assertThat(answers.get(1)).isNotDone();
            fixture.time.passes(Duration.ofMillis(1));

            assertThat(answers.get(1)).isCompletedWithValue(new Unavailable(Cause.BULKHEAD, 1));
            assertThat(answers.get(2)).isCompletedWithValue(new Unavailable(Cause.BULKHEAD, 1));
            assertThat(answers.get(0)).isNotDone();
            assertThat(fixture.counted("gateway.introspection.refused", "reason", "bulkhead"))
                    .isEqualTo(2);
            fixture.endpoint.letGo();
            assertThat(fixture.endpoint.count()).isEqualTo(1);
            assertThat(introspect(server, "later", MINUTE)).isCompleted();
        }

        @Test
        void startsWhatWaitsEvenWhenThousandsEndAtOnce() {
            AuthorizationServer server = fixture.bulkhead(1, 10_000).open(MINUTE);
            fixture.endpoint.hold();
            List<CompletableFuture<Introspection>> answers = ask(server, 10_000);

            fixture.endpoint.letGo();

            assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
            assertThat(fixture.endpoint.count()).isEqualTo(10_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "inactive", "error", "timeout"})
    void countsCallsByOutcome(String outcome) {
        fixture.endpoint
                .token("active", "{\"active\":true}")
                .token("error", failed(CallResult.Cause.TLS))
                .token("timeout", failed(CallResult.Cause.RESPONSE_TIMEOUT));

        introspect(fixture.open(MINUTE), outcome, MINUTE);

        assertThat(fixture.counted("gateway.introspection.requests", "outcome", outcome))
                .isEqualTo(1);
        assertThat(fixture.counted("gateway.introspection.requests")).isEqualTo(1);
        assertThat(fixture.meters.get("gateway.introspection.duration").timer().count())
                .isEqualTo(1);
    }

    @Test
    void createsNoTimeSeriesForTokens() {
        AuthorizationServer server = fixture.open(MINUTE);
        introspect(server, "first", MINUTE);
        int before = fixture.meters.getMeters().size();

        for (int i = 0; i < 10_000; i++) {
            introspect(server, "t" + i, MINUTE);
        }

        assertThat(fixture.meters.getMeters()).hasSize(before);
    }

    @Test
    void takesItsGaugesWithIt() {
        AuthorizationServer server = fixture.open(MINUTE);
        assertThat(fixture.meters.find("gateway.introspection.in.flight").gauge())
                .isNotNull();

        server.close();

        assertThat(fixture.meters.find("gateway.introspection.in.flight").gauge())
                .isNull();
    }
}
