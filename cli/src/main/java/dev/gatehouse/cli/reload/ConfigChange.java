package dev.gatehouse.cli.reload;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one configuration says differently from another one; places in the file do not matter. */
public record ConfigChange(Names endpoints, Names services, Names pipelines) {
    /** Names of entries, each list in document order. */
    public record Names(List<String> added, List<String> changed, List<String> removed) {
        public Names {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }

        private static Names between(Map<String, Object> before, Map<String, Object> after) {
            List<String> added = new ArrayList<>();
            List<String> changed = new ArrayList<>();
            after.forEach((name, value) -> {
                Object earlier = before.get(name);
                if (earlier == null) {
                    added.add(name);
                } else if (!earlier.equals(value)) {
                    changed.add(name);
                }
            });
            List<String> removed = before.keySet().stream()
                    .filter(name -> !after.containsKey(name))
                    .toList();
            return new Names(added, changed, removed);
        }

        private void addTo(StringJoiner text, String what) {
            add(text, "+", added.size(), what);
            add(text, "~", changed.size(), what);
            add(text, "-", removed.size(), what);
        }

        private static void add(StringJoiner text, String sign, int count, String what) {
            if (count > 0) {
                text.add(sign + count + ' ' + what + (count == 1 ? "" : "s"));
            }
        }
    }

    /** The difference between two configurations. */
    public static ConfigChange between(GatewayConfig before, GatewayConfig after) {
        return new ConfigChange(
                Names.between(endpoints(before), endpoints(after)),
                Names.between(services(before), services(after)),
                Names.between(pipelines(before), pipelines(after)));
    }

    /** Such as {@code +1 endpoint, ~1 pipeline}. */
    public String text() {
        StringJoiner text = new StringJoiner(", ");
        text.setEmptyValue("no endpoint, service or pipeline differs");
        endpoints.addTo(text, "endpoint");
        services.addTo(text, "service");
        pipelines.addTo(text, "pipeline");
        return text.toString();
    }

    private static Map<String, Object> endpoints(GatewayConfig config) {
        return byName(config.apiEndpoints(), ApiEndpointConfig::name, ApiEndpointConfig::settings);
    }

    private static Map<String, Object> services(GatewayConfig config) {
        return byName(
                config.serviceEndpoints(),
                ServiceEndpointConfig::name,
                service -> listed(service.urls(), plain(service.proxyOptions())));
    }

    private static Map<String, Object> pipelines(GatewayConfig config) {
        return byName(
                config.pipelines(),
                PipelineConfig::name,
                pipeline -> List.of(
                        pipeline.apiEndpoints().stream().map(Located::value).toList(),
                        pipeline.steps().stream().map(ConfigChange::step).toList()));
    }

    private static List<@Nullable Object> step(StepConfig step) {
        List<@Nullable Object> all = listed(step.policy(), plain(step.condition()));
        all.add(plain(step.action()));
        return all;
    }

    private static List<@Nullable Object> listed(Object first, @Nullable Object second) {
        List<@Nullable Object> all = new ArrayList<>();
        all.add(first);
        all.add(second);
        return all;
    }

    private static @Nullable Object plain(@Nullable Node node) {
        return node == null ? null : node.plain();
    }

    /** Entries of one name belong together, in order. */
    private static <T> Map<String, Object> byName(
            List<T> entries, Function<T, String> name, Function<T, Object> content) {
        Map<String, List<Object>> all = new LinkedHashMap<>();
        for (T entry : entries) {
            all.computeIfAbsent(name.apply(entry), key -> new ArrayList<>()).add(content.apply(entry));
        }
        return new LinkedHashMap<>(all);
    }

    /** Sections whose change waits for a restart. */
    static List<String> needRestart(GatewayConfig before, GatewayConfig after) {
        List<String> keys = new ArrayList<>();
        if (!Objects.equals(before.admin(), after.admin())) {
            keys.add("admin");
        }
        if (!before.ops().equals(after.ops())) {
            keys.add("ops");
        }
        if (!before.log().equals(after.log())) {
            keys.add("log");
        }
        return keys;
    }
}
