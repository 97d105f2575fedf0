package dev.gatehouse.policies.cors;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.JsPattern;
import dev.gatehouse.expression.value.ExpressionFailure;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which origins may read an answer. Immutable; asked on the event loop of the exchange. */
sealed interface Origins {
    /** Value of {@code Access-Control-Allow-Origin} for this request; null = none. */
    @Nullable
    String allowed(Exchange exchange);

    /** Whether caches have to keep the answers to different origins apart. */
    boolean varies();

    /** Every origin, without naming it. */
    record Any() implements Origins {
        @Override
        public String allowed(Exchange exchange) {
            return "*";
        }

        @Override
        public boolean varies() {
            return false;
        }
    }

    /** One origin, which is told to everybody. */
    record Fixed(String origin) implements Origins {
        @Override
        public String allowed(Exchange exchange) {
            return origin;
        }

        @Override
        public boolean varies() {
            return true;
        }
    }

    /** Every origin, by name. */
    record Every() implements Origins {
        @Override
        public @Nullable String allowed(Exchange exchange) {
            return sent(exchange);
        }

        @Override
        public boolean varies() {
            return true;
        }
    }

    /** The origins that are listed or match a pattern, by name. A search that takes too long is no match. */
    record Listed(Set<String> names, List<JsPattern> patterns) implements Origins {
        private static final Logger LOG = LoggerFactory.getLogger(Origins.class);

        @Override
        public @Nullable String allowed(Exchange exchange) {
            String origin = sent(exchange);
            return origin != null && (names.contains(origin) || matches(origin, exchange)) ? origin : null;
        }

        private boolean matches(String origin, Exchange exchange) {
            try {
                for (JsPattern pattern : patterns) {
                    if (pattern.find(origin)) {
                        return true;
                    }
                }
            } catch (ExpressionFailure tooLong) {
                LOG.warn("request {}: an origin was not allowed by cors: {}", exchange.id(), tooLong.getMessage());
            }
            return false;
        }

        @Override
        public boolean varies() {
            return true;
        }
    }

    /** More than a scheme, the longest host name and a port need; patterns search no longer text. */
    int LONGEST = 512;

    /** The origin that the client names; null = none, or two of which nobody knows the right one. */
    private static @Nullable String sent(Exchange exchange) {
        List<String> origins = exchange.request().headers().getAll(HttpHeaderNames.ORIGIN);
        return origins.size() == 1 && origins.get(0).length() <= LONGEST ? origins.get(0) : null;
    }
}
