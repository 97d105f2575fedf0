package dev.gatehouse.policies.introspect.credentials;

import dev.gatehouse.policies.introspect.report.Cause;

/** What {@link ClientAuthentication#present} came to. */
public sealed interface Presented permits Credentials, Presented.Missing {
    /** There are no credentials at present. */
    record Missing(Cause cause) implements Presented {}
}
