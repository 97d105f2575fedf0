package dev.gatehouse.policies;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Each class breaks one rule on purpose. */
final class Offenders {
    private Offenders() {}

    static class Open implements Policy {
        @Override
        public Verdict apply(Exchange exchange) {
            return Verdict.next();
        }
    }

    static final class Counting implements Policy {
        private int count;

        @Override
        public Verdict apply(Exchange exchange) {
            count++;
            if (count < 0) {
                throw new IllegalStateException("more requests than an int can count");
            }
            return Verdict.next();
        }
    }

    static final class Hoarding implements Policy {
        private final ByteBuf kept = Unpooled.EMPTY_BUFFER;

        @Override
        public Verdict apply(Exchange exchange) {
            if (kept.isReadable()) {
                throw new IllegalStateException("a buffer from another request");
            }
            return Verdict.next();
        }
    }

    record Undocumented(String option) {}

    /** Public, but known to no service file, and its record says nothing about its option. */
    public static final class Unregistered implements PolicyFactory<Undocumented> {
        @Override
        public String name() {
            return "offender";
        }

        @Override
        public Class<Undocumented> config() {
            return Undocumented.class;
        }

        @Override
        public Policy create(Undocumented config, PolicyContext context) {
            return new Open();
        }
    }

    /** Its record is documented, but belongs to another policy. */
    public static final class Borrowing implements PolicyFactory<IntrospectOptions> {
        @Override
        public String name() {
            return "borrower";
        }

        @Override
        public Class<IntrospectOptions> config() {
            return IntrospectOptions.class;
        }

        @Override
        public Policy create(IntrospectOptions config, PolicyContext context) {
            return new Open();
        }
    }
}
