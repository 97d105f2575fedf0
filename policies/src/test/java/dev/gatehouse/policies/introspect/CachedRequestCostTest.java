package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Bytes that a request with a known token allocates in this policy. The number is exact, unlike a time. */
class CachedRequestCostTest {
    private static final int WARM_UP = 20_000;
    private static final int REQUESTS = 20_000;
    private static final long MOST_BYTES = 256;

    @Test
    void allocatesNextToNothing() {
        ContextFixture context = new ContextFixture();
        String token = "t".repeat(1024);
        context.endpoint.token(
                token, "{\"active\":true,\"sub\":\"alice\",\"scope\":\"read write\",\"exp\":4102444800}");
        Policy policy = context.policy("");
        var exchange = ExchangeFixture.get("/x").scopes("read").bearer(token).run(policy);
        assertThat(exchange.hasRunOut()).isTrue();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        apply(policy, exchange, WARM_UP);
        long before = threads.getCurrentThreadAllocatedBytes();
        apply(policy, exchange, REQUESTS);
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / REQUESTS;

        assertThat(exchange.auth().source()).isEqualTo(AuthTrail.Source.CACHE);
        assertThat(context.endpoint.count()).isEqualTo(1);
        assertThat(bytes).as("bytes per request").isLessThanOrEqualTo(MOST_BYTES);
    }

    private static void apply(Policy policy, ExchangeFixture exchange, int times) {
        for (int i = 0; i < times; i++) {
            if (!(policy.apply(exchange) instanceof Verdict.Next)) {
                throw new IllegalStateException("not let through");
            }
        }
    }
}
