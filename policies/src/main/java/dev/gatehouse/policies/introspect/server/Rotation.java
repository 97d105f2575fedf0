package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.CallResult.Failed;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The endpoints of one server in the order in which a question tries them. Safe on any thread. */
final class Rotation {
    private final List<Endpoint> endpoints;
    private final boolean inTurn;
    private final AtomicInteger turn = new AtomicInteger();

    Rotation(List<Endpoint> endpoints, EndpointSet.Strategy strategy) {
        this.endpoints = List.copyOf(endpoints);
        inTurn = strategy == EndpointSet.Strategy.ROUND_ROBIN;
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** The way of one question. */
    Path path() {
        return new Path(inTurn ? Math.floorMod(turn.getAndIncrement(), endpoints.size()) : 0);
    }

    /** Seconds until some endpoint may be asked again; at least 1. */
    int retryAfterSeconds() {
        int least = Integer.MAX_VALUE;
        for (Endpoint endpoint : endpoints) {
            least = Math.min(least, endpoint.breaker().retryAfterSeconds());
        }
        return least;
    }

    /**
     * Whether another endpoint may be asked after such a result: the token cannot have reached this one, or it says
     * itself that it is out of order. An endpoint that is too slow for an answer gets no second question anywhere.
     *
     * @param repeatable whether even the same endpoint may be asked again
     */
    static boolean allowsAnother(@Nullable CallResult result, boolean repeatable) {
        if (repeatable || !(result instanceof Failed failed)) {
            return repeatable;
        }
        return switch (failed.cause()) {
            case REFUSED, DNS, CONNECT_TIMEOUT, TLS -> true;
            case RESET -> failed.nothingReceived();
            case RESPONSE_TIMEOUT, TRUNCATED, MALFORMED, TOO_LARGE, OVERLOAD -> false;
        };
    }

    /** Each endpoint once, those left out whose breaker is open. Confined to one question. */
    final class Path {
        private final int first;
        private final BitSet tried = new BitSet();

        private Path(int first) {
            this.first = first;
        }

        /** The next one, without going there; null = there is none. */
        @Nullable
        Endpoint peek() {
            int index = index();
            return index < 0 ? null : endpoints.get(index);
        }

        /** The next one, which does not come again; null = there is none. */
        @Nullable
        Endpoint next() {
            int index = index();
            if (index < 0) {
                return null;
            }
            tried.set(index);
            return endpoints.get(index);
        }

        private int index() {
            for (int i = 0; i < endpoints.size(); i++) {
                int index = (first + i) % endpoints.size();
                if (!tried.get(index) && endpoints.get(index).takesCalls()) {
                    return index;
                }
            }
            return -1;
        }
    }
}
