package dev.gatehouse.policies.introspect.check;

import dev.gatehouse.policies.introspect.answer.NumericDate;
import dev.gatehouse.policies.introspect.options.StepUpOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the user logged in well and recently enough for a request (RFC 9470 section 4). Immutable. */
final class StepUp {
    private final StepUpOptions options;
    private final long maxAgeMillis;
    private final long skewMillis;

    StepUp(StepUpOptions options, long skewMillis) {
        this.options = options;
        this.skewMillis = skewMillis;
        maxAgeMillis =
                options.maxAge() == null ? Long.MAX_VALUE : options.maxAge().toMillis();
    }

    boolean isMet(Map<String, @Nullable Object> claims, String method, long nowMillis) {
        return !options.covers(method) || (isStrong(claims.get("acr")) && isRecent(claims.get("auth_time"), nowMillis));
    }

    private boolean isStrong(@Nullable Object acr) {
        return options.acrValues().isEmpty()
                || (acr instanceof String level && options.acrValues().contains(level));
    }

    private boolean isRecent(@Nullable Object authTime, long nowMillis) {
        if (options.maxAge() == null) {
            return true;
        }
        Long at = authTime == null ? null : NumericDate.millis(authTime);
        // A login that is yet to come proves nothing either.
        return at != null && at <= nowMillis + skewMillis && at >= nowMillis - maxAgeMillis - skewMillis;
    }
}
