package dev.gatehouse.exchange;

import java.util.Set;

/**
 * The wish that the engine follows redirects of the service instead of handing them to the client.
 *
 * @param confidential names of request fields, lower case, that only the service itself may see, beside credentials,
 *     cookies and the fields that only the gateway may set
 */
public record RedirectRules(Set<String> confidential) {
    public RedirectRules {
        confidential = Set.copyOf(confidential);
    }
}
