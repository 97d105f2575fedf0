package dev.gatehouse.policies.introspect.client;

import dev.gatehouse.policies.introspect.cache.Reuse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How old an answer may be, for each request method. Immutable.
 *
 * @param longest for methods that are not named; no other allows more
 * @param byMethod name in capitals to what it allows
 */
public record ReuseByMethod(Reuse longest, Map<String, Reuse> byMethod) {
    static ReuseByMethod of(Reuse longest, Map<String, Duration> ages) {
        Map<String, Reuse> byMethod = new HashMap<>();
        ages.forEach((method, age) -> byMethod.put(method, longest.within(age.toNanos())));
        return new ReuseByMethod(longest, Map.copyOf(byMethod));
    }

    /**
     * What a request may be answered with.
     *
     * @param method in capitals
     */
    public Reuse of(String method) {
        return byMethod.isEmpty() ? longest : byMethod.getOrDefault(method, longest);
    }
}
