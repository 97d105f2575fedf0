package dev.gatehouse.policies.rewrite;

import java.io.Serial;

/** A template or pattern that cannot be used, with a sentence for the operator. */
final class TemplateProblem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;

    TemplateProblem(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }
}
