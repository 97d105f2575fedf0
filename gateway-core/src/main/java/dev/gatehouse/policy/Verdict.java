package dev.gatehouse.policy;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Reply;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a policy decided. A closed type: only the engine continues, so nobody can forget to or do it twice. */
public sealed interface Verdict {
    /** Longest wait of {@link #await(CompletionStage, Function)}. */
    Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    /** Continue with the next policy; a constant. */
    static Verdict next() {
        return Next.INSTANCE;
    }

    /** Answer now: no later policy runs, nothing goes upstream. */
    static Verdict reply(Reply reply) {
        return new Answer(requireNonNull(reply, "reply"));
    }

    /** Stream to a service; ends the request phase. */
    static Verdict forward(ForwardPlan plan) {
        return new Forward(requireNonNull(plan, "plan"));
    }

    /**
     * Continue on this exchange's event loop when the stage is done, at once when it already is. A stage that fails,
     * or is not done within {@link #DEFAULT_DEADLINE}, ends the exchange with 500.
     */
    static <T> Verdict await(CompletionStage<T> stage, Function<? super T, Verdict> then) {
        return new Await<>(requireNonNull(stage, "stage"), then, DEFAULT_DEADLINE, () -> {
            throw new IllegalStateException("a policy waited longer than " + DEFAULT_DEADLINE);
        });
    }

    /** The same with its own deadline and the verdict for the case that it passes. */
    static <T> Verdict await(
            CompletionStage<T> stage, Duration deadline, Supplier<Verdict> late, Function<? super T, Verdict> then) {
        return new Await<>(requireNonNull(stage, "stage"), then, deadline, late);
    }

    /** See {@link #next()}. */
    enum Next implements Verdict {
        INSTANCE
    }

    /** See {@link #reply(Reply)}. */
    record Answer(Reply reply) implements Verdict {}

    /** See {@link #forward(ForwardPlan)}. */
    record Forward(ForwardPlan plan) implements Verdict {}

    /** See {@link #await(CompletionStage, Duration, Supplier, Function)}. */
    record Await<T>(
            CompletionStage<T> stage, Function<? super T, Verdict> then, Duration deadline, Supplier<Verdict> late)
            implements Verdict {}
}
