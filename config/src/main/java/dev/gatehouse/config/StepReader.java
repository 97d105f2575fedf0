package dev.gatehouse.config;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the policies of one pipeline as a flat list of condition and action pairs, in order. */
final class StepReader {
    private static final Set<String> KEYS = Set.of("condition", "action");

    private final Reading reading;
    private final PolicyWhitelist whitelist;

    StepReader(Reading reading, PolicyWhitelist whitelist) {
        this.reading = reading;
        this.whitelist = whitelist;
    }

    List<StepConfig> read(Node.Entry policies, String path) {
        List<StepConfig> steps = new ArrayList<>();
        if (policies.value() instanceof Node.Mapping mapping) {
            mapping.entries().forEach(entry -> policy(entry, path, steps));
        } else if (policies.value() instanceof Node.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                entry(sequence.items().get(i), path + "[" + i + "]", steps);
            }
        } else {
            reading.reportKind(policies.value(), Reading.place(policies), path, "a list");
        }
        return steps;
    }

    private void entry(Node item, String path, List<StepConfig> steps) {
        if (item instanceof Node.Scalar name && name.value() != null) {
            whitelist.checkUse(name.text(), name.span(), path);
            steps.add(new StepConfig(name.text(), path + "." + name.text(), null, null, name.span()));
            return;
        }
        Node.Mapping mapping = reading.mapping(item, item.span(), path);
        if (mapping == null) {
            return;
        }
        if (mapping.entries().size() != 1) {
            reportCount(mapping, path);
            return;
        }
        policy(mapping.entries().get(0), path, steps);
    }

    /** Express Gateway runs only the first of several policies in one entry, without a word. */
    private void reportCount(Node.Mapping mapping, String path) {
        if (mapping.entries().isEmpty()) {
            reading.problems().error("E0307", mapping.span(), path, "this entry names no policy", "write '- name:'.");
            return;
        }
        Node.Entry second = mapping.entries().get(1);
        boolean step = KEYS.contains(second.key());
        reading.problems()
                .error(
                        "E0307",
                        second.keySpan(),
                        path,
                        "an entry of 'policies' has one policy, and '" + second.key() + "' is a second one",
                        step
                                ? "indent '" + second.key() + "' deeper than '"
                                        + mapping.entries().get(0).key() + "'."
                                : "start a new entry: '- " + second.key() + ":'.");
    }

    private void policy(Node.Entry policy, String path, List<StepConfig> steps) {
        String stepPath = path + "." + policy.key();
        whitelist.checkUse(policy.key(), policy.keySpan(), stepPath);
        if (!(policy.value() instanceof Node.Sequence sequence)) {
            step(policy, policy.value(), Reading.place(policy), stepPath, steps);
            return;
        }
        if (sequence.items().isEmpty()) {
            steps.add(new StepConfig(policy.key(), stepPath, null, null, policy.keySpan()));
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            step(policy, item, item.span(), stepPath + "[" + i + "]", steps);
        }
    }

    private void step(Node.Entry policy, Node node, Span place, String path, List<StepConfig> steps) {
        if (Reading.isNull(node)) {
            steps.add(new StepConfig(policy.key(), path, null, null, policy.keySpan()));
            return;
        }
        Node.Mapping mapping = reading.mapping(node, place, path);
        if (mapping == null) {
            return;
        }
        Set<String> options = reading.options().optionsOf(policy.key());
        reading.checkKeys(
                mapping,
                KEYS,
                key -> options.contains(key) ? "action" : null,
                path,
                "a step of policy '" + policy.key() + "'");
        Node.Mapping condition = part(mapping, "condition", path);
        checkCondition(mapping, condition, path);
        steps.add(new StepConfig(policy.key(), path, condition, part(mapping, "action", path), policy.keySpan()));
    }

    private void checkCondition(Node.Mapping step, Node.@Nullable Mapping condition, String path) {
        Node.Entry entry = Reading.entry(step, "condition");
        if (condition != null && entry != null && condition.get("name") == null) {
            reading.problems()
                    .error(
                            "E0201",
                            entry.keySpan(),
                            path + ".condition.name",
                            "'name' of the condition is missing",
                            "add 'name', such as 'name: always'.");
        }
    }

    private Node.@Nullable Mapping part(Node.Mapping step, String key, String path) {
        Node.Entry entry = Reading.entry(step, key);
        return entry == null || Reading.isNull(entry.value())
                ? null
                : reading.mapping(entry.value(), Reading.place(entry), path + "." + key);
    }
}
