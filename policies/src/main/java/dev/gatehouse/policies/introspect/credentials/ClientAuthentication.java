package dev.gatehouse.policies.introspect.credentials;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A method by which the gateway shows who it is. Safe on any thread; never blocks. */
public sealed interface ClientAuthentication permits FixedCredentials, OwnToken, SignedAssertion {
    /**
     * What makes two clients of the server different ones: method, client id, secret or digest of the key. Part of the
     * introspection identity; goes into digests only, because secrets are among it.
     */
    List<@Nullable String> identity();

    /**
     * What to send with the next request.
     *
     * @param within bound of the wait for it
     * @return completes normally with {@link Credentials} or {@link Presented.Missing}, on any thread
     */
    CompletionStage<Presented> present(Duration within);

    /**
     * Told that the server refused {@code refused} with 401 or 403. Whether {@link #present} gives other ones, so that
     * one more try makes sense.
     */
    boolean renew(Credentials refused);
}
