package dev.gatehouse.policies.introspect.check;

import dev.gatehouse.policies.auth.claim.ClaimPath;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claims that must have certain values: the value itself or, where the claim is a list, one of its members. Numbers
 * and booleans are compared by value, so {@code 1} is {@code 1.0} and never the text "1". Immutable.
 */
final class RequiredClaims {
    private record Rule(ClaimPath path, List<?> accepted) {}

    private final List<Rule> rules;

    /** @param required path to a value or to a list of values, one of which is enough */
    RequiredClaims(Map<String, Object> required) {
        rules = required.entrySet().stream()
                .map(entry -> new Rule(
                        ClaimPath.of(entry.getKey()),
                        entry.getValue() instanceof List<?> list ? list : List.of(entry.getValue())))
                .toList();
    }

    boolean areIn(Map<String, @Nullable Object> claims) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (!isAccepted(rule.accepted(), rule.path().find(claims))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAccepted(List<?> accepted, @Nullable Object claim) {
        return claim instanceof List<?> members
                ? members.stream().anyMatch(member -> isOneOf(accepted, member))
                : isOneOf(accepted, claim);
    }

    private static boolean isOneOf(List<?> accepted, @Nullable Object claim) {
        return claim != null && accepted.stream().anyMatch(value -> isSame(value, claim));
    }

    private static boolean isSame(Object value, Object claim) {
        return (value instanceof Number a && claim instanceof Number b) ? isSameNumber(a, b) : value.equals(claim);
    }

    private static boolean isSameNumber(Number a, Number b) {
        // An answer may hold 1e999, which is no finite number and equals nothing.
        return Double.isFinite(b.doubleValue())
                && new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
    }
}
