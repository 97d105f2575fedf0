package dev.gatehouse.config;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;

/** Switches between Express Gateway's way and ours; none of them brings back a security defect. */
public record CompatConfig(
        @Doc("Statuses of refusals: 'express-gateway' answers 401 where the standard asks for 400, 403 or 503.")
        @Default("standard")
        Status status,

        @Doc("Bodies of answers that the gateway makes itself; 'auto' decides by the Accept header.") @Default("auto")
        Bodies bodies,

        @Doc("A request whose pipeline ends without an answer goes on to the next matching apiEndpoint.")
        @Default("false")
        boolean fallThrough,

        @Doc("Misspelt and misplaced keys: 'strict' makes them errors, 'lenient' warnings.") @Default("strict")
        UnknownKeys unknownKeys) {
    /** Which statuses refusals have. */
    public enum Status {
        STANDARD,
        EXPRESS_GATEWAY
    }

    /** Which bodies refusals have. */
    public enum Bodies {
        AUTO,
        PROBLEM,
        EXPRESS_GATEWAY
    }

    /** How misspelt and misplaced keys are judged. */
    public enum UnknownKeys {
        STRICT,
        LENIENT
    }
}
