package dev.gatehouse.pipeline;

import dev.gatehouse.body.BodyReader;
import dev.gatehouse.exchange.CompletionHook;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.ResponseDraft;
import dev.gatehouse.exchange.ResponseHead;
import dev.gatehouse.exchange.ResponseHook;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of one exchange through its pipeline.
 *
 * <p>Everything happens on the exchange's event loop. Each verdict is settled in one place; a policy that throws, a
 * stage that fails and an unknown verdict all end in {@link #failed}: the request never goes on after one of them.
 * A stage may complete on any thread; the run re-enters its loop by a task, so that it never runs inside somebody
 * else's callback.
 */
public abstract class PipelineRun implements Exchange {
    private @Nullable Pipeline pipeline;
    private int cursor;
    private @Nullable Wait wait;
    private @Nullable ResponseDraft draft;
    private final Hooks hooks = new Hooks();
    private HttpHeaders withheld = EmptyHttpHeaders.INSTANCE;
    private @Nullable ParsedBody parsedBody;
    private boolean ended;

    /** Sends a reply of the gateway. */
    protected abstract void answer(Reply reply);

    /** Streams to a service. */
    protected abstract void forwardTo(ForwardPlan plan);

    /** The pipeline ended and no policy answered. */
    protected abstract void ranOut();

    /** A policy, a condition, a hook or a stage failed; the request must not pass. */
    protected abstract void failed(Throwable cause);

    /** The event loop of this exchange. */
    protected abstract EventExecutor loop();

    /** Takes what only the gateway may set out of the request and runs {@code next} from its first step. */
    protected final void run(Pipeline next) {
        pipeline = next;
        withhold(next.owned());
        cursor = 0;
        proceed();
    }

    @Override
    public final String pipeline() {
        return pipeline == null ? "" : pipeline.name();
    }

    @Override
    public final List<String> withheld(String name) {
        return withheld.getAll(name);
    }

    private void withhold(OwnedHeaders owned) {
        HttpHeaders removed = owned.strip(request().headers());
        // Another pipeline may have taken something before, when it ended without an answer.
        withheld = withheld.isEmpty() ? removed : withheld.add(removed);
    }

    @Override
    public final @Nullable ParsedBody parsedBody() {
        return parsedBody;
    }

    @Override
    public final void parsedBody(@Nullable ParsedBody parsed) {
        parsedBody = parsed;
    }

    @Override
    public final ResponseDraft draft() {
        ResponseDraft known = draft;
        if (known == null) {
            known = new ResponseDraft();
            draft = known;
        }
        return known;
    }

    @Override
    public final void onResponse(ResponseHook hook) {
        hooks.onResponse(hook);
    }

    @Override
    public final void onComplete(CompletionHook hook) {
        hooks.onComplete(hook);
    }

    /** Gives the response what scripts said of it, then runs the hooks, last registered first; each at most once. */
    protected final void runResponseHooks(ResponseHead response) {
        if (draft != null || hooks.awaitResponse()) {
            draft().open(response);
        }
        hooks.answered(response);
    }

    /**
     * Ends the run: abandons what is awaited, runs no further step and runs the completion hooks. The first call counts.
     *
     * @throws RuntimeException what a hook threw, after all of them ran
     */
    protected final void complete(int status) {
        ended = true;
        if (wait != null) {
            wait.abandon();
            free(wait.await);
            wait = null;
        }
        hooks.completed(status);
    }

    private void proceed() {
        List<Step> steps = pipeline == null ? List.of() : pipeline.steps();
        while (!ended && cursor < steps.size()) {
            Step step = steps.get(cursor++);
            Verdict verdict;
            try {
                verdict = step.bodyBytes() == 0
                        ? decide(step)
                        : BodyReader.read(this, step.bodyBytes(), () -> decide(step));
            } catch (Throwable e) {
                auth().decidedBy(step.label());
                failed(e);
                return;
            }
            if (!settle(verdict, step)) {
                return;
            }
        }
        if (!ended) {
            ranOut();
        }
    }

    private Verdict decide(Step step) {
        boolean skipped = step.condition() != null && !step.condition().test(this);
        return skipped || scripted() != null ? Verdict.next() : step.policy().apply(this);
    }

    private @Nullable Reply scripted() {
        return draft == null ? null : draft.answer();
    }

    /**
     * Whether a script answered, wherever it stood: in a condition, in the value of a header. The answer is sent and
     * counts more than any verdict, so that no step can let such a request pass.
     */
    private boolean isAnswered(Step step) {
        Reply scripted = ended ? null : scripted();
        if (scripted == null) {
            return false;
        }
        auth().decidedBy(step.label());
        answer(scripted);
        return true;
    }

    /** Whether the next step follows at once. */
    private boolean settle(Verdict first, Step step) {
        Verdict verdict = first;
        // Ended: the policy itself did it, by asking for a body that is too large for instance.
        if (ended || isAnswered(step)) {
            discard(verdict);
            return false;
        }
        while (verdict instanceof Verdict.Await<?> await) {
            CompletableFuture<?> stage = await.stage().toCompletableFuture();
            if (!stage.isDone()) {
                park(await, stage, step);
                return false;
            }
            try {
                verdict = conclude(await);
            } catch (Throwable e) {
                auth().decidedBy(step.label());
                failed(e);
                return false;
            }
            if (ended || isAnswered(step)) {
                discard(verdict);
                return false;
            }
        }
        if (verdict instanceof Verdict.Next) {
            return true;
        }
        if (verdict instanceof Verdict.Forward forward) {
            forwardTo(forward.plan());
            return false;
        }
        auth().decidedBy(step.label());
        if (verdict instanceof Verdict.Answer answer) {
            answer(draft == null ? answer.reply() : draft.typed(answer.reply()));
        } else {
            failed(new IllegalStateException("unknown verdict of " + step.label()));
        }
        return false;
    }

    private static <T> Verdict conclude(Verdict.Await<T> await) {
        // The stage is done, so this neither waits nor returns the substitute.
        @SuppressWarnings("NullAway") // null stands for "not done"
        T value = await.stage().toCompletableFuture().getNow(null);
        return await.then().apply(value);
    }

    private static void discard(Verdict verdict) {
        if (verdict instanceof Verdict.Await<?> await) {
            free(await);
        }
    }

    /** Frees what a stage gives that nobody waits for any more: a body is given, so it needs somebody to release it. */
    private static void free(Verdict.Await<?> await) {
        var unused = await.stage().whenComplete((value, error) -> {
            if (value instanceof ByteBuf buffer) {
                buffer.release();
            }
        });
    }

    private void park(Verdict.Await<?> await, CompletableFuture<?> stage, Step step) {
        Wait parked = new Wait(await, step);
        wait = parked;
        parked.arm();
        var unused = stage.whenComplete((value, error) -> loop().execute(parked));
    }

    /** One parked await; whatever comes second, completion or deadline, finds it gone. */
    private final class Wait implements Runnable {
        private final Verdict.Await<?> await;
        private final Step step;
        private @Nullable Future<?> deadline;
        private boolean over;

        Wait(Verdict.Await<?> await, Step step) {
            this.await = await;
            this.step = step;
        }

        void arm() {
            deadline = loop().schedule(this::expire, await.deadline().toNanos(), TimeUnit.NANOSECONDS);
        }

        private void expire() {
            if (!over) {
                free(await);
                resume(await.late());
            }
        }

        void abandon() {
            over = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
        }

        @Override
        public void run() {
            resume(() -> conclude(await));
        }

        private void resume(Supplier<Verdict> verdict) {
            if (over) {
                return;
            }
            abandon();
            wait = null;
            try {
                if (settle(verdict.get(), step)) {
                    proceed();
                }
            } catch (Throwable e) {
                auth().decidedBy(step.label());
                failed(e);
            }
        }
    }
}
