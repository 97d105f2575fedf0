package dev.gatehouse.policies.introspect.signed;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.CallResult.Answer;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.signed.SignedAnswer.Flaw;
import dev.gatehouse.policies.introspect.signed.SignedAnswer.Opening;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls whose answers are signed (RFC 9701) and gives what is signed, as if it had come without: behind this,
 * nothing differs from a plain JSON answer. An answer that is not exactly as it should be becomes one without content,
 * which nobody can use. Error answers pass as they are.
 *
 * <p>Safe on any thread. Signatures are verified on two threads of its own with a bounded queue.
 */
public final class SignedAnswers implements HttpCaller {
    private static final int THREADS = 2;
    private static final int QUEUE = 1024;

    private final SignedFormat format;
    private final Supplier<@Nullable Authority> authority;
    private final Surroundings around;
    private final Executor verification;
    private final KeySet keys;

    /** What is lent to this. */
    public record Surroundings(HttpCaller http, InstantSource clock, LongSupplier ticker, ServerLog log) {}

    /**
     * Opens the answers of one server; start-up thread. Its threads end when there is nothing to do for them.
     *
     * @param authority who signs, asked for each answer; gives null as long as nobody knows
     */
    public static SignedAnswers over(
            Surroundings around, SignedFormat format, Supplier<@Nullable Authority> authority) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                new DefaultThreadFactory("gateway-verify", true));
        threads.allowCoreThreadTimeOut(true);
        return new SignedAnswers(around, format, authority, threads);
    }

    SignedAnswers(
            Surroundings around, SignedFormat format, Supplier<@Nullable Authority> authority, Executor verification) {
        this.around = around;
        this.format = format;
        this.authority = authority;
        this.verification = verification;
        keys = new KeySet(around.http(), around.ticker(), around.log());
    }

    @Override
    public CompletionStage<CallResult> call(HttpCall call) {
        long startMillis = around.clock().millis();
        long deadline = around.ticker().getAsLong() + call.totalTimeout().toNanos();
        return around.http()
                .call(call)
                .thenCompose(result -> result instanceof Answer answer && answer.status() == 200
                        ? opened(answer, startMillis, deadline)
                        : CompletableFuture.completedFuture(result));
    }

    private CompletionStage<CallResult> opened(Answer answer, long startMillis, long deadline) {
        return open(answer, startMillis, deadline)
                .exceptionally(failure -> {
                    boolean full = failure instanceof RejectedExecutionException
                            || failure.getCause() instanceof RejectedExecutionException;
                    return new Opening.Unusable(full ? Flaw.OVERLOAD : Flaw.INTERNAL);
                })
                .thenApply(opening -> plain(answer, opening));
    }

    private CompletableFuture<Opening> open(Answer answer, long startMillis, long deadline) {
        if (!isSigned(answer.headers())) {
            return done(Flaw.MEDIA_TYPE);
        }
        Opening head = SignedAnswer.read(answer.body(), format.algorithms());
        @Nullable Authority signer = authority.get();
        if (!(head instanceof Opening.Head read)) {
            return CompletableFuture.completedFuture(head);
        }
        if (signer == null) {
            return done(Flaw.ISSUER_UNKNOWN);
        }
        SignedAnswer signed = read.answer();
        Duration left = Duration.ofNanos(deadline - around.ticker().getAsLong());
        return keys.find(signer, signed.keyId(), signed.algorithm(), left)
                .thenCompose(found -> found.isEmpty()
                        ? done(Flaw.KEY)
                        : CompletableFuture.supplyAsync(
                                () -> signed.open(found, signer.issuer(), format, window(startMillis)), verification));
    }

    private SignedAnswer.Window window(long startMillis) {
        long skew = format.skew().toMillis();
        return new SignedAnswer.Window(startMillis - skew, around.clock().millis() + skew);
    }

    private CallResult plain(Answer answer, Opening opening) {
        HttpHeaders headers = new DefaultHttpHeaders();
        if (opening instanceof Opening.Claims claims) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
            return new Answer(answer.status(), headers, claims.json(), answer.repeated());
        }
        Flaw flaw = opening instanceof Opening.Unusable unusable ? unusable.flaw() : Flaw.INTERNAL;
        around.log().unusableSignature(flaw.name().toLowerCase(Locale.ROOT));
        return new Answer(answer.status(), headers, new byte[0], answer.repeated());
    }

    private static CompletableFuture<Opening> done(Flaw flaw) {
        return CompletableFuture.completedFuture(new Opening.Unusable(flaw));
    }

    private static boolean isSigned(HttpHeaders headers) {
        List<String> types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
        if (types.size() != 1) {
            return false;
        }
        int parameters = types.get(0).indexOf(';');
        String media = parameters < 0 ? types.get(0) : types.get(0).substring(0, parameters);
        return media.strip().equalsIgnoreCase(SignedFormat.MEDIA_TYPE);
    }
}
