package dev.gatehouse.cli.trytoken;

import dev.gatehouse.policies.introspect.trial.AdvertisedMethods;
import dev.gatehouse.policies.introspect.trial.TokenText;
import dev.gatehouse.policies.introspect.trial.TokenTrial;
import dev.gatehouse.policies.introspect.trial.TrialAnswer;
import dev.gatehouse.policies.introspect.trial.TrialAnswer.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Takes a token to the server of a step and back. One thread, which waits; every wait has an end. */
final class Trip {
    private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(40);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Witness witness;
    private final Printable printable;

    Trip(Witness witness, Printable printable) {
        this.witness = witness;
        this.printable = printable;
    }

    StepReport report(TokenTrial trial, String token, List<Routes.Route> routes) {
        witness.forget();
        TrialAnswer answer = await(trial.ask(token), trial.timeout().plus(GRACE));
        Witness.Seen seen = witness.about(token);
        TokenText text = TokenText.of(token);
        return new StepReport(
                trial.step(),
                text,
                seen,
                answer,
                problem(answer, seen, issuers(trial, text)),
                seen == null || answer.state() != State.INACTIVE
                        ? List.of()
                        : new Diagnosis(text, seen.call(), printable).causes(trial.issuers(), Instant.now()),
                routes.stream().map(route -> route.decidedBy(answer)).toList());
    }

    private List<String> problem(TrialAnswer answer, Witness.@Nullable Seen seen, List<String> issuers) {
        if (answer.isPrechecked()) {
            return List.of("'jwtPrecheck' refuses the token for what it says itself: nobody was asked");
        }
        if (answer.state() == State.NOT_ASKED) {
            return List.of("the token is too long, or has characters that no token has: nobody was asked");
        }
        if (answer.state() == State.REJECTED) {
            return List.of("the server refuses to judge this token (status 400)");
        }
        String cause = answer.cause();
        if (cause == null) {
            return List.of();
        }
        return new Failure(printable).sentences(cause, seen, advertised(cause, seen, issuers));
    }

    private List<String> advertised(String cause, Witness.@Nullable Seen seen, List<String> issuers) {
        if (seen == null || !cause.equals("credentials")) {
            return List.of();
        }
        return await(
                new AdvertisedMethods(seen.call().target(), witness, System::nanoTime).of(issuers), METADATA_TIMEOUT);
    }

    private static List<String> issuers(TokenTrial trial, TokenText text) {
        List<String> issuers = new ArrayList<>(trial.issuers());
        if (text.payload().get("iss") instanceof String issuer) {
            issuers.add(issuer);
        }
        return issuers;
    }

    private static <T> T await(CompletionStage<T> stage, Duration most) {
        try {
            return stage.toCompletableFuture().get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a server was asked", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a call went beyond its own limits", e);
        }
    }
}
