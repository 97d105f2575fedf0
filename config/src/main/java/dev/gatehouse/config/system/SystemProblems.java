package dev.gatehouse.config.system;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a system.config.yml, judged by whether the pipelines need it. Only policies that look consumers up
 * do: for them mistakes stop the start, for everybody else they are warnings.
 */
public final class SystemProblems {
    /** Policies that need the database, the keys or the tokens of Express Gateway. */
    private static final Set<String> CONSUMERS = Set.of("basic-auth", "key-auth", "oauth2");

    private final List<Problem> found;
    private final @Nullable SystemConfig config;
    private final @Nullable Span key;

    /** @param key place of the key that encrypts tokens, or where it would stand */
    SystemProblems(List<Problem> found, @Nullable SystemConfig config, @Nullable Span key) {
        this.found = List.copyOf(found);
        this.config = config;
        this.key = key;
    }

    /**
     * Adds the problems.
     *
     * @param used policies that pipelines use
     * @param known policies of the product
     */
    public void report(Set<String> used, Set<String> known, Problems problems) {
        boolean needed = used.stream().anyMatch(CONSUMERS::contains);
        for (Problem problem : found) {
            if (needed && problem.severity() == Severity.ERROR) {
                problems.add(problem);
            } else {
                String[] hints = problem.hints().toArray(String[]::new);
                problems.warn(warning(problem.code()), problem.span(), problem.path(), problem.message(), hints);
            }
        }
        if (config != null) {
            reportPlugins(config, known, problems);
            reportKey(config, used, problems);
        }
    }

    /** Warnings of the reading stage mean other things, so its errors share one code of their own. */
    private static String warning(String code) {
        return code.startsWith("W") ? code : code.startsWith("E01") ? "W0106" : "W" + code.substring(1);
    }

    private static void reportPlugins(SystemConfig config, Set<String> known, Problems problems) {
        for (PluginConfig plugin : config.plugins()) {
            if (!plugin.isBuiltIn(known)) {
                problems.warn(
                        "W0108",
                        plugin.span(),
                        "plugins." + plugin.name(),
                        "plugin '" + plugin.name() + "' is JavaScript and does not run here",
                        "it is missed only where a pipeline uses a policy or a condition of it.");
            }
        }
    }

    private void reportKey(SystemConfig config, Set<String> used, Problems problems) {
        boolean unread = found.stream().anyMatch(problem -> problem.path().startsWith("crypto"));
        if (used.contains("oauth2") && config.crypto().hasPublicKey() && !unread) {
            problems.warn(
                    "W0107",
                    key,
                    "crypto.cipherKey",
                    "'crypto.cipherKey' is the default key, which everybody knows",
                    "set it to a secret of your own.");
        }
    }
}
