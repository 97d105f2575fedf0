package dev.gatehouse.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.ApiEndpointConfig;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the indexed table with the loop of the specification over random configurations. */
class RouteOrderTest {
    private static final String[] HOSTS = {"*", "*", "a.test", "A.test", "b.test", "*.test", "*.*", "a*.test"};
    private static final String[] PATHS = {
        "*",
        "/*",
        "/",
        "/a",
        "/A/",
        "/a/*",
        "/a*",
        "/ab/c",
        "/a/:x",
        "/:x",
        "/:x/c",
        "/a/:x?",
        "/ab?c",
        "/*/c",
        "/ab/:x/c"
    };
    private static final String[] METHODS = {"GET", "HEAD", "POST", "OPTIONS"};
    private static final String[] TEXTS = {"/", "/a", "/ab", "/A/b", "/ab/c", "/abc", "/a/c/", "/b/c", "/ab/x/c", "/q/"
    };

    private final Random random = new Random(99);

    @Test
    void selectsWhatThePlainLoopSelects() {
        for (int round = 0; round < 400; round++) {
            List<ApiEndpointConfig> entries = entries(1 + random.nextInt(12));
            RouteTable<String> table = RoutesFixture.ofConfigs(entries).table();
            for (int i = 0; i < 60; i++) {
                String host =
                        random.nextInt(8) == 0 ? null : pick("a.test", "b.test:80", "aa.TEST", "x.test.", "q.org");
                String path = pick(TEXTS);
                String method = pick(METHODS);

                String selected = RoutesFixture.name(table.select(
                        host, RoutesFixture.target(path, HttpMethod.valueOf(method)), HttpMethod.valueOf(method)));

                assertThat(selected)
                        .as("%s %s %s in %s", method, host, path, entries)
                        .isEqualTo(plain(entries, host, path, method));
            }
        }
    }

    private List<ApiEndpointConfig> entries(int count) {
        List<ApiEndpointConfig> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RoutesFixture.EntryFixture entry = RoutesFixture.entry("e" + i).host(pick(HOSTS));
            entry.paths(several(1, () -> pick(PATHS)));
            if (random.nextInt(3) > 0) {
                entry.methods(several(0, () -> pick(METHODS)));
            }
            entries.add(entry.config(i + 1));
        }
        return entries;
    }

    private String[] several(int least, Supplier<String> one) {
        return random.ints(least + random.nextInt(3), 0, 1)
                .mapToObj(i -> one.get())
                .toArray(String[]::new);
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Section by section what the specification says, without any index. */
    private static String plain(List<ApiEndpointConfig> entries, @Nullable String host, String path, String method) {
        Map<String, List<ApiEndpointConfig>> groups = new LinkedHashMap<>();
        for (ApiEndpointConfig entry : entries) {
            groups.computeIfAbsent(entry.host().toLowerCase(java.util.Locale.ROOT), h -> new ArrayList<>())
                    .add(entry);
        }
        for (Map.Entry<String, List<ApiEndpointConfig>> group : groups.entrySet()) {
            if (!isHost(group.getKey(), host)) {
                continue;
            }
            Set<String> allow = new LinkedHashSet<>();
            for (ApiEndpointConfig entry : group.getValue()) {
                for (String pattern : entry.paths()) {
                    if (!PathPattern.express(pattern).matches(path, path.length())) {
                        continue;
                    }
                    if (entry.methods() == null || allows(entry.methods(), method)) {
                        return entry.name();
                    }
                    entry.methods().forEach(m -> {
                        allow.add(m);
                        if (m.equals("GET")) {
                            allow.add("HEAD");
                        }
                    });
                }
            }
            if (method.equals("OPTIONS") && !allow.isEmpty()) {
                return "allow " + String.join(",", allow);
            }
        }
        return "-";
    }

    private static boolean isHost(String pattern, @Nullable String field) {
        if (pattern.equals("*")) {
            return true;
        }
        String name = field == null ? "" : field.replaceFirst(":.*", "").replaceFirst("\\.$", "");
        return name.matches("(?i)" + pattern.replace(".", "\\.").replace("*", "[^.]+"));
    }

    private static boolean allows(List<String> methods, String method) {
        return methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }
}
