package dev.gatehouse.config.system;

import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells which plugin of Express Gateway a name that nobody here knows probably comes from. */
public final class PluginSources {
    private static final String GUIDE =
            "the guide \"Coming from Express Gateway\" shows what takes the place of plugins.";

    private final List<PluginConfig> plugins;
    private final Set<String> known;

    /**
     * @param system has the plugins; null = no file, so no plugins
     * @param known policies of the product
     */
    public PluginSources(@Nullable SystemConfig system, Set<String> known) {
        this.plugins = system == null
                ? List.of()
                : system.plugins().stream()
                        .filter(plugin -> !plugin.isBuiltIn(known))
                        .toList();
        this.known = known;
    }

    /** Whether a plugin is the likely source of a policy that is not among the known ones, rather than a mistake. */
    public boolean explain(String policy) {
        if (known.contains(policy)) {
            return false;
        }
        return PluginConfig.isKnownFor(policy)
                || plugins.stream().anyMatch(plugin -> plugin.looksLikeSourceOf(policy))
                || (!plugins.isEmpty() && Nearest.to(policy, known) == null);
    }

    /** Reports a policy that a pipeline uses. */
    public void reportUse(String policy, Span span, String path, Problems problems) {
        problems.error("E0403", span, path, message("policy", policy), hints(policy));
    }

    /** Reports a policy that is only listed. */
    public void reportUnused(String policy, Span span, String path, Problems problems) {
        problems.warn("W0401", span, path, message("policy", policy), "no pipeline uses it, so nothing is missing.");
    }

    /** What to say of a policy or condition, by its kind; it ends where the reason ends. */
    public String message(String kind, String name) {
        List<PluginConfig> likely = likely(name);
        String source = likely.size() == 1 ? "plugin '" + likely.get(0).name() + "'" : "a plugin of Express Gateway";
        return kind + " '" + name + "' is not available: it probably comes from " + source
                + ", and JavaScript plugins do not run here";
    }

    /** Where the plugin stands, and where to read on. */
    public String[] hints(String name) {
        List<String> hints = new ArrayList<>();
        for (PluginConfig plugin : likely(name)) {
            Path file = Path.of(plugin.span().source().name()).getFileName();
            hints.add("plugin '" + plugin.name() + "' is in " + file + ", line "
                    + plugin.span().line() + ".");
        }
        hints.add(GUIDE);
        return hints.toArray(String[]::new);
    }

    /** Whether there are plugins that could have brought anything at all. */
    public boolean isEmpty() {
        return plugins.isEmpty();
    }

    private List<PluginConfig> likely(String name) {
        List<PluginConfig> named = plugins.stream()
                .filter(plugin -> plugin.looksLikeSourceOf(name))
                .toList();
        return named.isEmpty() && !PluginConfig.isKnownFor(name) ? plugins : named;
    }
}
