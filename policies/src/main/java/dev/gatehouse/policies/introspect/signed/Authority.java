package dev.gatehouse.policies.introspect.signed;

import dev.gatehouse.client.Target;

/**
 * An authorization server as the signer of answers. Immutable.
 *
 * @param issuer exactly as its answers have to name it
 * @param target where its keys are
 * @param requestTarget path and query of its key set (RFC 7517 section 5)
 */
public record Authority(String issuer, Target target, String requestTarget) {}
