package dev.gatehouse.policies.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitPolicyTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final LimitFixture step = new LimitFixture();

    private static ExchangeFixture send(Policy policy) {
        return ExchangeFixture.get("/").run(policy);
    }

    private static ExchangeFixture as(String client, Policy policy) {
        return ExchangeFixture.get("/").header("x-client", client).run(policy);
    }

    private static ExchangeFixture from(String address, Policy policy) {
        InetSocketAddress remote = new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), 40_000);
        return ExchangeFixture.get("/")
                .peer(new Peer(remote, remote, false, null, false))
                .run(policy);
    }

    private static Reply refusal(ExchangeFixture exchange) {
        Reply reply = requireNonNull(exchange.reply(), "no refusal");
        assertThat(reply.refusal()).isEqualTo(Refusal.RATE_LIMITED);
        assertThat(exchange.hasRunOut()).isFalse();
        return reply;
    }

    private static String text(Reply reply) {
        return new String(requireNonNull(reply.content(), "content").bytes(), UTF_8);
    }

    @Nested
    class Window {
        @Test
        void refusesWhatIsOverTheLimit() {
            Policy policy = step.policy("{max: 2, delayMs: 0}");

            assertThat(send(policy).hasRunOut()).isTrue();
            assertThat(send(policy).hasRunOut()).isTrue();
            Reply reply = refusal(send(policy));

            assertThat(reply.status()).isEqualTo(429);
            assertThat(text(reply)).isEqualTo("Too many requests, please try again later.");
            assertThat(step.counted("gateway.policy.denials", "policy", "rate-limit", "reason", "limit"))
                    .isEqualTo(1);
        }

        @Test
        void beginsWithTheFirstHitAndEndsAfterItsLength() {
            Policy policy = step.policy("{max: 1, delayMs: 0, windowMs: 60000}");
            step.passes(Duration.ofSeconds(50));
            send(policy);

            step.passes(MINUTE.minusMillis(1));
            refusal(send(policy));
            step.passes(Duration.ofMillis(1));
            assertThat(send(policy).hasRunOut()).isTrue();
            step.passes(MINUTE.minusMillis(1));
            refusal(send(policy));
        }

        @Test
        void isNotProlongedByRefusedHits() {
            Policy policy = step.policy("{max: 1, delayMs: 0}");
            send(policy);
            for (int i = 0; i < 59; i++) {
                refusal(send(policy));
                step.passes(Duration.ofSeconds(1));
            }

            step.passes(Duration.ofSeconds(1));

            assertThat(send(policy).hasRunOut()).isTrue();
        }

        @Test
        void countsWithoutALimit() {
            Policy policy = step.policy("{max: 0, delayMs: 0}");

            for (int i = 0; i < 20; i++) {
                HttpHeaders headers = send(policy).respond(200).headers();
                assertThat(headers.get("x-ratelimit-limit")).isEqualTo("0");
                assertThat(headers.get("x-ratelimit-remaining")).isEqualTo("0");
            }
        }

        @Test
        void admitsExactlyTheLimitOfManyThreads() throws InterruptedException {
            Policy policy = step.policy("{max: 500, delayMs: 0}");
            AtomicInteger admitted = new AtomicInteger();
            CountDownLatch begin = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(8);
            for (int thread = 0; thread < 8; thread++) {
                threads.execute(() -> {
                    await(begin);
                    for (int i = 0; i < 250; i++) {
                        admitted.addAndGet(send(policy).hasRunOut() ? 1 : 0);
                    }
                });
            }

            begin.countDown();
            threads.shutdown();

            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(admitted).hasValue(500);
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    class Headers {
        @Test
        void tellTheStateOfTheWindow() {
            Policy policy = step.policy("{max: 2, delayMs: 0, windowMs: 1500}");

            HttpHeaders first = send(policy).respond(200).headers();
            step.passes(Duration.ofSeconds(1));
            HttpHeaders second = send(policy).respond(500).headers();
            HttpHeaders refused = send(policy).respondWithReply().headers();

            assertThat(first.get("x-ratelimit-limit")).isEqualTo("2");
            assertThat(first.get("x-ratelimit-remaining")).isEqualTo("1");
            assertThat(first.get("x-ratelimit-reset")).isEqualTo("1800000002");
            assertThat(first.contains("retry-after")).isFalse();
            assertThat(second.get("x-ratelimit-remaining")).isEqualTo("0");
            assertThat(second.get("x-ratelimit-reset")).isEqualTo("1800000002");
            assertThat(refused.get("x-ratelimit-remaining")).isEqualTo("0");
            assertThat(refused.get("retry-after")).isEqualTo("2");
            assertThat(refused.get("vary")).isEqualTo("Accept");
        }

        @Test
        void giveWayToThoseOfTheService() {
            HttpHeaders headers = send(step.policy("delayMs: 0"))
                    .respond(200, "X-RateLimit-Remaining", "77")
                    .headers();

            assertThat(headers.getAll("x-ratelimit-remaining")).containsExactly("77");
            assertThat(headers.get("x-ratelimit-limit")).isEqualTo("5");
        }

        @Test
        void areLeftOut() {
            Policy policy = step.policy("{max: 1, delayMs: 0, headers: false}");

            assertThat(send(policy).respond(200).headers()).isEmpty();
            assertThat(send(policy).respondWithReply().headers().names()).containsExactly("vary");
        }
    }

    @Nested
    class Answer {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "text/html | text/html; charset=utf-8 | slow \"down\"",
                    "application/json | application/json; charset=utf-8 | {\"message\":\"slow \\\"down\\\"\"}",
                    "image/png | text/plain; charset=utf-8 | slow \"down\""
                })
        void keepsItsStatusInEveryForm(String accept, String type, String body) {
            Policy policy = step.policy("{max: 1, delayMs: 0, statusCode: 503, message: 'slow \"down\"'}");
            send(policy);

            Reply reply =
                    refusal(ExchangeFixture.get("/").header("accept", accept).run(policy));

            assertThat(reply.status()).isEqualTo(503);
            assertThat(requireNonNull(reply.content()).mediaType()).isEqualTo(type);
            assertThat(text(reply)).isEqualTo(body);
        }
    }

    @Nested
    class Key {
        @Test
        void isTheAddressOfTheConnection() {
            Policy policy = step.policy("{max: 1, delayMs: 0}");
            ExchangeFixture forwarded = ExchangeFixture.get("/").header("x-forwarded-for", "192.0.2.9");

            send(policy);

            refusal(forwarded.run(policy));
            assertThat(from("192.0.2.1", policy).hasRunOut()).isTrue();
            assertThat(from("2001:db8::1", policy).hasRunOut()).isTrue();
            refusal(from("2001:db8:0::1", policy));
        }

        @Test
        void isTheSameAddressInATemplate() {
            Policy plain = step.policy("{max: 1, delayMs: 0, sharedAs: all}");
            Policy template = step.policy("{max: 1, delayMs: 0, sharedAs: all, rateLimitBy: '${req.ip}'}");

            from("2001:db8::1", plain);

            refusal(from("2001:db8::1", template));
        }

        @Test
        void comesFromTheTemplate() {
            Policy policy = step.policy("{max: 1, delayMs: 0, rateLimitBy: \"c-${req.headers['x-client']}\"}");

            assertThat(as("a", policy).hasRunOut()).isTrue();
            assertThat(as("b", policy).hasRunOut()).isTrue();
            refusal(as("a", policy));
        }

        @Test
        void mayBeTheUser() {
            Policy policy = step.policy("{max: 1, delayMs: 0, rateLimitBy: '${req.user.sub}'}");
            ExchangeFixture alice = ExchangeFixture.get("/");
            alice.identify(new Identity(Map.of("sub", "alice")));
            ExchangeFixture again = ExchangeFixture.get("/");
            again.identify(new Identity(Map.of("sub", "alice")));

            assertThat(alice.run(policy).hasRunOut()).isTrue();
            refusal(again.run(policy));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "${req.user.sub}",
                    "${req.headers[''x-client'']}",
                    "${(function () { throw new Error(''x'') })()}",
                    "${(function () { while (true) {} })()}"
                })
        void refusesToLetFailingKeysEscape(String template) {
            Policy policy = step.policy("{max: 1, delayMs: 0, rateLimitBy: '" + template + "'}");

            assertThat(send(policy).hasRunOut()).isTrue();
            refusal(send(policy));
        }

        @Test
        void isToldApartAlsoWhenItIsLong() {
            Policy policy = step.policy("{max: 1, delayMs: 0, rateLimitBy: \"${req.headers['x-client']}\"}");

            for (int length : new int[] {127, 128, 129, 5_000}) {
                assertThat(as("a".repeat(length) + "1", policy).hasRunOut()).isTrue();
                assertThat(as("a".repeat(length) + "2", policy).hasRunOut()).isTrue();
                refusal(as("a".repeat(length) + "1", policy));
            }
        }
    }

    @Nested
    class Sharing {
        private static final String ONE = "{max: 1, delayMs: 0}";

        @Test
        void isNotBetweenPipelinesOrSteps() {
            Policy a = step.at("a", 0).policy(ONE);
            Policy b = step.at("b", 0).policy(ONE);
            Policy second = step.at("a", 1).policy(ONE);

            assertThat(send(a).hasRunOut()).isTrue();
            assertThat(send(b).hasRunOut()).isTrue();
            assertThat(send(second).hasRunOut()).isTrue();
            refusal(send(a));
        }

        @Test
        void isBetweenStepsThatNameIt() {
            Policy a = step.at("a", 0).policy("{max: 2, delayMs: 0, sharedAs: all}");
            Policy b = step.at("b", 3).policy("{max: 1, delayMs: 0, sharedAs: all}");
            Policy other = step.at("b", 4).policy("{max: 1, delayMs: 0, sharedAs: others}");

            assertThat(send(a).hasRunOut()).isTrue();

            refusal(send(b));
            refusal(send(a));
            assertThat(send(other).hasRunOut()).isTrue();
        }

        @Test
        void survivesAReloadAlsoWithAnotherLimit() {
            send(step.policy(ONE));

            Policy reloaded = step.policy("{message: later, max: 2, delayMs: 0}");

            assertThat(send(reloaded).hasRunOut()).isTrue();
            refusal(send(reloaded));
        }
    }

    @Nested
    class Delay {
        @Test
        void growsWithEachHit() {
            Policy policy = step.policy("{max: 10, delayAfter: 2, delayMs: 400}");
            send(policy);
            assertThat(send(policy).hasRunOut()).isTrue();

            ExchangeFixture third = send(policy);
            ExchangeFixture fourth = send(policy);

            assertThat(third.hasRunOut()).isFalse();
            assertThat(third.passes(Duration.ofMillis(399)).hasRunOut()).isFalse();
            assertThat(third.passes(Duration.ofMillis(1)).hasRunOut()).isTrue();
            assertThat(fourth.passes(Duration.ofMillis(799)).hasRunOut()).isFalse();
            assertThat(fourth.passes(Duration.ofMillis(1)).hasRunOut()).isTrue();
            assertThat(step.counted("gateway.rate_limit.delayed", "pipeline", "main"))
                    .isEqualTo(2);
        }

        @Test
        void isOneSecondByDefaultAndEndsAtItsLongest() {
            Policy policy = step.policy("{max: 0, maxDelayMs: 1500}");
            send(policy);

            assertThat(send(policy).passes(Duration.ofMillis(999)).hasRunOut()).isFalse();
            assertThat(send(policy).passes(Duration.ofMillis(1499)).hasRunOut()).isFalse();
            assertThat(send(policy).passes(Duration.ofMillis(1500)).hasRunOut()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"{max: 9, delayMs: 0}", "{max: 9, delayAfter: 0}", "{max: 9, maxDelayMs: 0}"})
        void canBeSwitchedOff(String yaml) {
            Policy policy = step.policy(yaml);

            for (int i = 0; i < 9; i++) {
                assertThat(send(policy).hasRunOut()).isTrue();
            }
        }

        @Test
        void refusesWhenTooManyWait() {
            Policy policy = step.policy("{max: 100, delayMs: 1, maxDelayed: 2}");
            send(policy);
            ExchangeFixture waiting = send(policy);
            ExchangeFixture leaving = send(policy);

            assertThat(refusal(send(policy)).status()).isEqualTo(429);
            assertThat(step.counted("gateway.policy.denials", "reason", "too_many_delayed"))
                    .isEqualTo(1);

            leaving.leave();
            assertThat(waiting.passes(Duration.ofSeconds(1)).hasRunOut()).isTrue();
            waiting.leave();
            assertThat(send(policy).reply()).isNull();
            assertThat(send(policy).reply()).isNull();
            refusal(send(policy));
        }
    }

    @Nested
    class Skipping {
        private void sent(Policy policy, int status) {
            send(policy).completes(status);
        }

        @Test
        void givesFailedRequestsBack() {
            Policy policy = step.policy("{max: 1, delayMs: 0, skipFailedRequests: true}");

            sent(policy, 400);
            sent(policy, 500);
            sent(policy, 399);

            refusal(send(policy));
        }

        @Test
        void givesSuccessfulRequestsBack() {
            Policy policy = step.policy("{max: 1, delayMs: 0, skipSuccessfulRequests: true}");

            sent(policy, 200);
            sent(policy, 399);
            sent(policy, 400);

            refusal(send(policy));
        }

        @Test
        void refusesToGiveBackForClientsThatLeaveAndForRefusals() {
            Policy policy = step.policy("{max: 1, delayMs: 0, skipFailedRequests: true}");

            send(policy).leave();

            refusal(send(policy).completes(429));
            refusal(send(policy));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{max: many} | E0203 | 7",
                "{max: -1} | E0203 | 7",
                "{max: 1.5} | E0203 | 7",
                "{maxx: 1} | E0204 | 2",
                "{windowMs: long} | E0203 | 12",
                "{windowMs: 0} | E0203 | 12",
                "{windowMs: -1} | E0203 | 12",
                "{windowMs: 367d} | E0203 | 12",
                "{windowMS: 1} | E0204 | 2",
                "{rateLimitBy: [a]} | E0202 | 15",
                "{rateLimitBy: 'a${'} | E0461 | 19",
                "{rateLimitby: a} | E0204 | 2",
                "{statusCode: x} | E0203 | 14",
                "{statusCode: 99} | E0203 | 14",
                "{statusCode: 199} | E0203 | 14",
                "{statusCode: 600} | E0203 | 14",
                "{statuscode: 429} | E0204 | 2",
                "{message: [a]} | E0202 | 11",
                "{mesage: a} | E0204 | 2",
                "{delayAfter: x} | E0203 | 14",
                "{delayAfter: -1} | E0203 | 14",
                "{delayafter: 1} | E0204 | 2",
                "{delayMs: x} | E0203 | 11",
                "{delayMs: -1} | E0203 | 11",
                "{delayms: 1} | E0204 | 2",
                "{maxDelayMs: x} | E0203 | 14",
                "{maxDelayMs: -1} | E0203 | 14",
                "{maxDelaysMs: 1} | E0204 | 2",
                "{maxDelayed: x} | E0203 | 14",
                "{maxDelayed: -1} | E0203 | 14",
                "{maxDelayed: 1000001} | E0203 | 14",
                "{maxDelaed: 1} | E0204 | 2",
                "{headers: maybe} | E0203 | 11",
                "{header: true} | E0204 | 2",
                "{skipFailedRequests: maybe} | E0203 | 22",
                "{skipFailedRequest: true} | E0204 | 2",
                "{skipSuccessfulRequests: maybe} | E0203 | 26",
                "{skipSuccesfulRequests: true} | E0204 | 2",
                "{sharedAs: [a]} | E0202 | 12",
                "{sharedAs: ''} | E0203 | 12",
                "{sharedas: a} | E0204 | 2",
                "{maxKeys: x} | E0203 | 11",
                "{maxKeys: 0} | E0203 | 11",
                "{maxKeys: 10000001} | E0203 | 11",
                "{maxKey: 5} | E0204 | 2"
            })
    void refusesAFileThatCannotWork(String yaml, String code, int column) {
        assertThatThrownBy(() -> step.policy(yaml)).isInstanceOfSatisfying(ConfigProblem.class, refused -> {
            assertThat(refused.problem().code()).isEqualTo(code);
            assertThat(refused.problem().span()).extracting("line", "column").containsExactly(1, column);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | W0475",
                "{max: 5, delayAfter: 3} | W0475",
                "{delayAfter: 0} | ``",
                "{delayMs: 0} | ``",
                "{delayMs: 400} | ``"
            })
    void warnsOfDelaysThatNobodyWrote(String yaml, String code) {
        step.policy(yaml);

        assertThat(String.join(",", step.codes())).isEqualTo(code == null ? "" : code);
    }
}
