package dev.gatehouse.config;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.system.PluginSources;
import dev.gatehouse.config.system.SystemConfig;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The section {@code policies}: which policies pipelines may use. */
final class PolicyWhitelist {
    /** The policies that come with Express Gateway. */
    private static final Set<String> CORE = Set.of(
            "basic-auth",
            "cors",
            "expression",
            "headers",
            "jwt",
            "key-auth",
            "log",
            "oauth2",
            "oauth2-introspect",
            "proxy",
            "rate-limit",
            "request-transformer",
            "response-transformer",
            "terminate");

    private final Problems problems;
    private final Set<String> known;
    private final @Nullable List<String> names;
    private final PluginSources plugins;
    private final Set<String> used = new HashSet<>();
    /** Names of the list that only a plugin can explain, until a pipeline uses them. */
    private final Map<String, Located<String>> ofPlugins = new LinkedHashMap<>();

    private PolicyWhitelist(Reading reading, @Nullable List<String> names, @Nullable SystemConfig system) {
        this.problems = reading.problems();
        this.known = reading.options().knownPolicies();
        this.names = names;
        this.plugins = new PluginSources(system, known);
    }

    /** {@code start} is the place for what is missing; {@code system} knows the plugins. */
    static PolicyWhitelist read(
            Node.@Nullable Entry section, Span start, Reading reading, @Nullable SystemConfig system) {
        if (section == null || Reading.isNull(section.value())) {
            reading.problems()
                    .warn(
                            "W0305",
                            section == null ? start : section.keySpan(),
                            "policies",
                            "there is no list 'policies', so pipelines may use every policy",
                            "list the policies that pipelines may use.");
            return new PolicyWhitelist(reading, null, system);
        }
        if (!(section.value() instanceof Node.Sequence sequence)) {
            reading.reportKind(section.value(), Reading.place(section), "policies", "a list");
            return new PolicyWhitelist(reading, null, system);
        }
        PolicyWhitelist whitelist = new PolicyWhitelist(reading, new ArrayList<>(), system);
        for (int i = 0; i < sequence.items().size(); i++) {
            whitelist.add(sequence.items().get(i), "policies[" + i + "]", reading);
        }
        return whitelist;
    }

    /** Null when the section is absent or no list. */
    @Nullable
    List<String> names() {
        return names;
    }

    /** Reports a policy that a pipeline may not use, or that does not exist. */
    void checkUse(String policy, Span span, String path) {
        used.add(policy);
        if (names != null && names.contains(policy)) {
            if (!known.contains(policy) && CORE.contains(policy)) {
                notProvided(policy, span, path);
            } else if (ofPlugins.containsKey(policy)) {
                plugins.reportUse(policy, span, path, problems);
            }
        } else if (!known.contains(policy)) {
            unknown(policy, span, path);
        } else if (names != null) {
            problems.error(
                    "E0301",
                    span,
                    path,
                    "policy '" + policy + "' is not in the list 'policies'",
                    "add '" + policy + "' to 'policies'.");
        }
    }

    private void add(Node item, String path, Reading reading) {
        if (!(item instanceof Node.Scalar scalar) || scalar.value() == null || names == null) {
            reading.reportKind(item, item.span(), path, "the name of a policy");
            return;
        }
        String name = scalar.text();
        names.add(name);
        if (plugins.explain(name) && !CORE.contains(name)) {
            ofPlugins.put(name, new Located<>(path, item.span()));
        } else if (!known.contains(name) && !CORE.contains(name)) {
            unknown(name, item.span(), path);
        }
    }

    /** Reports names of the list that come from plugins and that no pipeline uses. */
    void reportUnused() {
        ofPlugins.forEach((policy, place) -> {
            if (!used.contains(policy)) {
                plugins.reportUnused(policy, place.span(), place.value(), problems);
            }
        });
    }

    /** Every policy that a pipeline uses, also one that does not exist. */
    Set<String> used() {
        return used;
    }

    private void unknown(String policy, Span span, String path) {
        if (CORE.contains(policy)) {
            notProvided(policy, span, path);
            return;
        }
        if (plugins.explain(policy)) {
            plugins.reportUse(policy, span, path, problems);
            return;
        }
        String near = Nearest.to(policy, known);
        String all = "known policies: " + String.join(", ", new TreeSet<>(known)) + ".";
        String[] hints = near == null ? new String[] {all} : new String[] {"did you mean '" + near + "'?", all};
        problems.error("E0303", span, path, "there is no policy '" + policy + "'", hints);
    }

    private void notProvided(String policy, Span span, String path) {
        problems.error(
                "E0304",
                span,
                path,
                "policy '" + policy + "' of Express Gateway is not provided by this version",
                "remove it from the pipeline, or keep this pipeline on Express Gateway.");
    }
}
