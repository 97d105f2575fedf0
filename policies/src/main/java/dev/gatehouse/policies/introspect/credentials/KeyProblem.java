package dev.gatehouse.policies.introspect.credentials;

import java.io.Serial;

/** A key that cannot be used, with a sentence for the operator. The message holds nothing of the key. */
public final class KeyProblem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    KeyProblem(String message) {
        super(message, null, false, false);
    }
}
