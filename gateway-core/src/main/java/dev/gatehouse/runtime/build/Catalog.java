package dev.gatehouse.runtime.build;

import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.PolicyFactory;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The policies and conditions on the class path, by name. */
public final class Catalog {
    private final Map<String, PolicyFactory<?>> policies = new TreeMap<>();
    private final Map<String, ConditionFactory<?>> conditions = new TreeMap<>();

    private Catalog() {}

    /** Finds them. */
    @SuppressWarnings({"rawtypes", "unchecked"}) // ServiceLoader knows no type parameters
    public static Catalog load() {
        Iterable<PolicyFactory<?>> policies = (Iterable) ServiceLoader.load(PolicyFactory.class);
        Iterable<ConditionFactory<?>> conditions = (Iterable) ServiceLoader.load(ConditionFactory.class);
        return of(policies, conditions);
    }

    /** These and no others. */
    static Catalog of(Iterable<PolicyFactory<?>> policies, Iterable<ConditionFactory<?>> conditions) {
        Catalog catalog = new Catalog();
        policies.forEach(factory -> catalog.policies.put(factory.name(), factory));
        conditions.forEach(factory -> catalog.conditions.put(factory.name(), factory));
        return catalog;
    }

    /** Names of all policies. */
    public Set<String> policies() {
        return policies.keySet();
    }

    /** Every policy with the keys of its action, so that the reader can tell misspelt and misplaced keys. */
    public Map<String, Set<String>> policyKeys() {
        Map<String, Set<String>> keys = new TreeMap<>();
        policies.forEach((name, factory) -> keys.put(name, RecordBinder.keys(factory.config())));
        return keys;
    }

    /** Names of all conditions. */
    public Set<String> conditions() {
        return conditions.keySet();
    }

    @Nullable
    PolicyFactory<?> policy(String name) {
        return policies.get(name);
    }

    @Nullable
    ConditionFactory<?> condition(String name) {
        return conditions.get(name);
    }
}
