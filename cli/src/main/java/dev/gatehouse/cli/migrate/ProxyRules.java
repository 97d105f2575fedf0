package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.yaml.Node;
import java.util.List;
import java.util.regex.Pattern;

/** What is otherwise on the way to a service. */
final class ProxyRules {
    private static final String POLICY = "proxy";
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
    private static final List<String> IDENTITY =
            List.of("oauth2-introspect", "jwt", "key-auth", "basic-auth", "oauth2");

    static final List<Rule> ALL = List.of(
            StepRule.safer(
                    POLICY,
                    step -> step.follows(IDENTITY),
                    "removes eg-consumer-id sent by a client (was passed on)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                    POLICY,
                    step -> !step.isProxied("proxyTimeout") && !step.isProxied("timeout"),
                    "answers 504 after 60 s without a response (was: waited)",
                    "longer: proxyTimeout"),
            StepRule.safer(
                            POLICY,
                            step -> step.isProxied("proxyTimeout"),
                            "answers 504 after proxyTimeout (was 502)",
                            Finding.FOR_GOOD)
                    .at("proxyTimeout"),
            StepRule.safer(
                            POLICY,
                            step -> step.isProxied("timeout"),
                            "timeout limits the response (was: dropped idle clients)",
                            Finding.FOR_GOOD)
                    .at("timeout"),
            StepRule.safer(
                    POLICY,
                    step -> true,
                    "hop-by-hop headers such as connection and te end here (were passed on)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                            POLICY,
                            step -> step.isProxied("auth"),
                            "these credentials replace those of the client (client's won)",
                            Finding.FOR_GOOD)
                    .at("auth"),
            StepRule.safer(
                    POLICY,
                    step -> step.isProxied("autoRewrite")
                            || step.isProxied("hostRewrite")
                            || step.isProxied("protocolRewrite"),
                    "rewrites redirects (was: the process crashed)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                            POLICY,
                            step -> step.text("stripPath").equals("true") && patterns(step),
                            "cuts off what the pattern matched (was: as many characters as it has)",
                            Finding.FOR_GOOD)
                    .at("stripPath"),
            StepRule.safer(
                    "headers",
                    ProxyRules::hasCapitals,
                    "replaces a header of the client in any case (client's won)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                    "request-transformer",
                    step -> step.has("headers"),
                    "adds and removes headers in any case (capitals mattered)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                    "request-transformer",
                    step -> step.has("body"),
                    "leaves bodies alone that are no JSON and no form (were replaced)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                    "response-transformer",
                    step -> step.has("headers"),
                    "removes headers in any case (capitals mattered)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                    "response-transformer",
                    step -> step.has("body"),
                    "changes bodies that arrive in pieces, too (were left alone)",
                    Finding.FOR_GOOD));

    private ProxyRules() {}

    private static boolean patterns(WrittenStep step) {
        return step.endpoints().stream()
                .flatMap(endpoint -> endpoint.paths().stream())
                .anyMatch(path -> path.contains(":"));
    }

    private static boolean hasCapitals(WrittenStep step) {
        return CAPITAL.matcher(step.text("headersPrefix")).find()
                || (step.value("forwardHeaders") instanceof Node.Mapping headers
                        && headers.entries().stream()
                                .anyMatch(entry -> CAPITAL.matcher(entry.key()).find()));
    }
}
