package dev.gatehouse.upstream.wire;

/** How the end of an outgoing request body is marked. */
public sealed interface BodyFraming {
    /** No body. */
    record None() implements BodyFraming {
        private static final None INSTANCE = new None();
    }

    /**
     * A body of a known length.
     *
     * @param bytes zero or more
     */
    record Length(long bytes) implements BodyFraming {
        public Length {
            if (bytes < 0) {
                throw new IllegalArgumentException("bytes: " + bytes + " (expected: zero or more)");
            }
        }
    }

    /** A body whose end is known when it is reached. */
    record Chunked() implements BodyFraming {
        private static final Chunked INSTANCE = new Chunked();
    }

    static BodyFraming none() {
        return None.INSTANCE;
    }

    static BodyFraming length(long bytes) {
        return new Length(bytes);
    }

    static BodyFraming chunked() {
        return Chunked.INSTANCE;
    }
}
