package dev.gatehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PipelineRunTest {
    private static final ForwardPlan PLAN = new ForwardPlan("backend", List.of(), "/", null, false);
    private static final Policy FORWARD = exchange -> Verdict.forward(PLAN);
    private static final Policy NEXT = exchange -> Verdict.next();

    @Test
    void runsPoliciesInOrderUntilOneForwards() {
        List<String> seen = new ArrayList<>();

        ExchangeFixture exchange =
                ExchangeFixture.get("/").run(note(seen, "a"), note(seen, "b"), FORWARD, note(seen, "never"));

        assertThat(seen).containsExactly("a", "b");
        assertThat(exchange.forwarded()).isSameAs(PLAN);
    }

    @Test
    void skipsStepsWhoseConditionIsFalse() {
        List<String> seen = new ArrayList<>();

        ExchangeFixture exchange = ExchangeFixture.get("/")
                .then(x -> false, note(seen, "skipped"))
                .then(x -> true, note(seen, "ran"))
                .run();

        assertThat(seen).containsExactly("ran");
        assertThat(exchange.hasRunOut()).isTrue();
    }

    @Test
    void keepsWhatTheClientSentInAFieldOfTheGateway() {
        ExchangeFixture exchange = ExchangeFixture.get("/")
                .header("Client-Cert", "a")
                .header("client-cert", "b")
                .header("client_cert", "c")
                .owned("client-cert")
                .run(FORWARD);

        assertThat(exchange.withheld("Client-Cert")).containsExactly("a", "b");
        assertThat(exchange.withheld("x-other")).isEmpty();
        assertThat(exchange.request().headers().names()).containsExactly("host");
    }

    @Test
    void keepsWhatSeveralPipelinesTookFromOneRequest() {
        ExchangeFixture exchange = ExchangeFixture.get("/").header("x-a", "1").header("x-b", "2");

        exchange.owned("x-a").run();
        exchange.owned("x-b").run();

        assertThat(exchange.withheld("x-a")).containsExactly("1");
        assertThat(exchange.withheld("x-b")).containsExactly("2");
    }

    @Test
    void stopsAtAReplyAndNamesTheStep() {
        ExchangeFixture exchange =
                ExchangeFixture.get("/").run(x -> Verdict.reply(Reply.refuse(Refusal.NO_CREDENTIALS)), FORWARD);

        assertThat(exchange.reply()).extracting(Reply::status).isEqualTo(401);
        assertThat(exchange.forwarded()).isNull();
        assertThat(exchange.auth().decidedBy()).isEqualTo("test@1");
    }

    @Test
    void runsNoStepAfterTheExchangeIsOver() {
        List<String> seen = new ArrayList<>();
        ExchangeFixture exchange = ExchangeFixture.get("/");

        exchange.run(
                x -> {
                    exchange.leave();
                    return Verdict.next();
                },
                note(seen, "never"),
                FORWARD);

        assertThat(seen).isEmpty();
        assertThat(exchange.forwarded()).isNull();
        assertThat(exchange.hasRunOut()).isFalse();
    }

    @Test
    void waitsForNothingAfterTheExchangeIsOver() {
        ExchangeFixture exchange = ExchangeFixture.get("/");

        exchange.run(
                x -> {
                    exchange.leave();
                    return Verdict.await(new CompletableFuture<>(), done -> Verdict.next());
                },
                FORWARD);
        exchange.passes(Verdict.DEFAULT_DEADLINE);

        assertThat(exchange.failure()).isNull();
        assertThat(exchange.forwarded()).isNull();
    }

    @Test
    void freesABufferThatNobodyTakesBecauseTheClientLeft() {
        CompletableFuture<ByteBuf> stage = new CompletableFuture<>();
        ByteBuf body = Unpooled.buffer(8);
        ExchangeFixture exchange = ExchangeFixture.get("/").run(x -> Verdict.await(stage, taken -> Verdict.next()));

        stage.complete(body);
        exchange.leave().runTasks();

        assertThat(body.refCnt()).isZero();
    }

    @Test
    void freesABufferThatComesTooLate() {
        CompletableFuture<ByteBuf> stage = new CompletableFuture<>();
        ByteBuf body = Unpooled.buffer(8);
        ExchangeFixture exchange = ExchangeFixture.get("/").run(x -> Verdict.await(stage, taken -> Verdict.next()));

        exchange.passes(Verdict.DEFAULT_DEADLINE);
        stage.complete(body);
        exchange.runTasks();

        assertThat(body.refCnt()).isZero();
    }

    @Test
    void runsEveryCompletionHookEvenWhenOneFails() {
        List<String> seen = new ArrayList<>();
        ExchangeFixture exchange = ExchangeFixture.get("/");
        exchange.onComplete(status -> {
            throw new IllegalStateException("broken");
        });
        exchange.onComplete(status -> seen.add("ran " + status));

        assertThatThrownBy(exchange::leave).hasMessage("broken");

        assertThat(seen).containsExactly("ran 499");
    }

    @Test
    void refusesWhenAStepAnsweredWhateverItsVerdict() {
        Reply reply = Reply.refuse(Refusal.TERMINATED);
        for (Verdict verdict :
                List.of(Verdict.next(), Verdict.forward(PLAN), Verdict.reply(Reply.refuse(Refusal.NO_ANSWER)))) {
            ExchangeFixture exchange = ExchangeFixture.get("/")
                    .run(
                            x -> {
                                x.draft().answer(reply);
                                return verdict;
                            },
                            FORWARD);

            assertThat(exchange.reply()).isSameAs(reply);
            assertThat(exchange.forwarded()).isNull();
            assertThat(exchange.auth().decidedBy()).isEqualTo("test@1");
        }
    }

    @Test
    void refusesWhenAConditionAnsweredEvenIfItIsFalse() {
        Reply reply = Reply.refuse(Refusal.TERMINATED);

        ExchangeFixture exchange = ExchangeFixture.get("/")
                .then(
                        x -> {
                            x.draft().answer(reply);
                            return false;
                        },
                        NEXT)
                .run(FORWARD);

        assertThat(exchange.reply()).isSameAs(reply);
        assertThat(exchange.forwarded()).isNull();
    }

    @Test
    void refusesWhenAStepAnsweredAndThenThrew() {
        ExchangeFixture exchange = ExchangeFixture.get("/")
                .run(
                        x -> {
                            x.draft().answer(Reply.refuse(Refusal.TERMINATED));
                            return failing("broken");
                        },
                        FORWARD);

        assertThat(exchange.failure()).hasMessage("broken");
        assertThat(exchange.forwarded()).isNull();
    }

    @Test
    void freesABufferThatNobodyTakesBecauseAStepAnswered() {
        ByteBuf body = Unpooled.buffer(8);

        ExchangeFixture exchange = ExchangeFixture.get("/").run(x -> {
            x.draft().answer(Reply.refuse(Refusal.TERMINATED));
            return Verdict.await(CompletableFuture.completedFuture(body), taken -> Verdict.next());
        });

        assertThat(exchange.reply()).isNotNull();
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void refusesWhenAPolicyThrows() {
        ExchangeFixture exchange = ExchangeFixture.get("/").run(x -> failing("broken"), FORWARD);

        assertThat(exchange.failure()).hasMessage("broken");
        assertThat(exchange.forwarded()).isNull();
    }

    @Test
    void refusesWhenAConditionThrows() {
        ExchangeFixture exchange = ExchangeFixture.get("/")
                .then(
                        x -> {
                            throw new IllegalStateException("broken");
                        },
                        NEXT)
                .run(FORWARD);

        assertThat(exchange.failure()).hasMessage("broken");
        assertThat(exchange.forwarded()).isNull();
    }

    @Test
    void refusesWhenAPolicyReturnsNothing() {
        @SuppressWarnings("NullAway") // what a careless plugin does
        ExchangeFixture exchange = ExchangeFixture.get("/").run(x -> null, FORWARD);

        assertThat(exchange.failure()).isNotNull();
        assertThat(exchange.forwarded()).isNull();
    }

    @Test
    void runsResponseHooksLastRegisteredFirst() {
        List<String> seen = new ArrayList<>();

        ExchangeFixture exchange = ExchangeFixture.get("/").run(hook(seen, "first"), hook(seen, "second"), FORWARD);
        exchange.respond(200);

        assertThat(seen).containsExactly("second", "first");
    }

    @Test
    void runsCompletionHooksOnce() {
        List<Integer> seen = new ArrayList<>();

        ExchangeFixture exchange = ExchangeFixture.get("/").run(x -> {
            x.onComplete(seen::add);
            return Verdict.next();
        });
        exchange.leave().leave();

        assertThat(seen).containsExactly(499);
    }

    @Nested
    class WhileWaiting {
        private final CompletableFuture<String> stage = new CompletableFuture<>();

        @Test
        void goesOnAtOnceWhenTheStageIsDone() {
            stage.complete("x");

            ExchangeFixture exchange = ExchangeFixture.get("/").run(await(), FORWARD);

            assertThat(exchange.forwarded()).isNotNull();
        }

        @Test
        void goesOnByATaskOfTheLoop() {
            ExchangeFixture exchange = ExchangeFixture.get("/").run(await(), FORWARD);

            stage.complete("x");
            assertThat(exchange.forwarded()).isNull();
            exchange.runTasks();

            assertThat(exchange.forwarded()).isNotNull();
        }

        @Test
        void refusesWhenTheStageFails() {
            ExchangeFixture exchange = ExchangeFixture.get("/").run(await(), FORWARD);

            stage.completeExceptionally(new IllegalStateException("broken"));
            exchange.runTasks();

            assertThat(exchange.failure()).hasRootCauseMessage("broken");
            assertThat(exchange.forwarded()).isNull();
        }

        @Test
        void refusesWhenTheContinuationAnswers() {
            ExchangeFixture exchange = ExchangeFixture.get("/");
            exchange.run(
                    x -> Verdict.await(stage, y -> {
                        x.draft().answer(Reply.refuse(Refusal.TERMINATED));
                        return Verdict.next();
                    }),
                    FORWARD);

            stage.complete("x");
            exchange.runTasks();

            assertThat(exchange.reply()).isNotNull();
            assertThat(exchange.forwarded()).isNull();
        }

        @Test
        void refusesWhenTheContinuationThrows() {
            ExchangeFixture exchange =
                    ExchangeFixture.get("/").run(x -> Verdict.await(stage, y -> failing("broken")), FORWARD);

            stage.complete("x");
            exchange.runTasks();

            assertThat(exchange.failure()).hasMessage("broken");
        }

        @Test
        void refusesWhenTheDeadlinePasses() {
            ExchangeFixture exchange = ExchangeFixture.get("/").run(await(), FORWARD);

            exchange.passes(Verdict.DEFAULT_DEADLINE.plusMillis(1));
            stage.complete("too late");
            exchange.runTasks();

            assertThat(exchange.failure()).isNotNull();
            assertThat(exchange.forwarded()).isNull();
        }

        @Test
        void givesTheLateVerdictOnceWhenItsOwnDeadlinePasses() {
            Reply late = Reply.refuse(Refusal.INTROSPECTION_TIMEOUT);
            ExchangeFixture exchange = ExchangeFixture.get("/")
                    .run(
                            x -> Verdict.await(
                                    stage, Duration.ofSeconds(1), () -> Verdict.reply(late), y -> Verdict.next()),
                            FORWARD);

            exchange.passes(Duration.ofSeconds(2));
            stage.complete("too late");
            exchange.runTasks();

            assertThat(exchange.reply()).isSameAs(late);
            assertThat(exchange.forwarded()).isNull();
        }

        @Test
        void forgetsTheWaitWhenTheClientLeaves() {
            ExchangeFixture exchange = ExchangeFixture.get("/").run(await(), FORWARD);

            exchange.leave();
            stage.complete("x");
            exchange.runTasks();

            assertThat(exchange.forwarded()).isNull();
            assertThat(exchange.failure()).isNull();
        }

        private Policy await() {
            return exchange -> Verdict.await(stage, value -> Verdict.next());
        }
    }

    private static Verdict failing(String message) {
        throw new IllegalStateException(message);
    }

    private static Policy note(List<String> seen, String name) {
        return exchange -> {
            seen.add(name);
            return Verdict.next();
        };
    }

    private static Policy hook(List<String> seen, String name) {
        return exchange -> {
            exchange.onResponse(response -> seen.add(name));
            return Verdict.next();
        };
    }
}
