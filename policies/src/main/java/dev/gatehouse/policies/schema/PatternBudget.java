package dev.gatehouse.policies.schema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import dev.gatehouse.expression.JsPattern;
import dev.gatehouse.expression.value.ExpressionFailure;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Regular expressions of schemas, in the syntax of JavaScript. One search is bounded by its engine; this bounds what all
 * searches of one check take together: a list of many texts must not hold an event loop.
 *
 * <p>The time is kept per thread, because the validator gives an expression nothing but the text. A check runs on one
 * thread from its beginning to its end.
 */
final class PatternBudget implements RegularExpressionFactory {
    static final long NANOS = Duration.ofMillis(50).toNanos();

    private final LongSupplier ticker;
    private final FastThreadLocal<long[]> spent = new FastThreadLocal<>() {
        @Override
        protected long[] initialValue() {
            return new long[1];
        }
    };

    PatternBudget(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** A check begins on this thread. */
    void begin() {
        spent.get()[0] = 0;
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException when it is not valid
     */
    @Override
    public RegularExpression getRegularExpression(String regex) {
        JsPattern pattern = JsPattern.compile(regex, "");
        return text -> find(pattern, text);
    }

    private boolean find(JsPattern pattern, String text) {
        long[] used = spent.get();
        long before = ticker.getAsLong();
        boolean found = pattern.find(text);
        used[0] += ticker.getAsLong() - before;
        if (used[0] > NANOS) {
            throw new ExpressionFailure(
                    ExpressionFailure.Kind.LIMIT, "the regular expressions of the schema take too long for this body");
        }
        return found;
    }
}
