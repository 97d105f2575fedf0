package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Node;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges keys that nobody reads. Express Gateway ignores them all in silence, so a misspelt {@code scopes} leaves an API
 * open: what is probably a mistake is an error, anything else a warning, and {@code x-} is for people's own notes.
 */
public final class UnknownKeys {
    /** Options of the file's own structure, and where they belong, for keys that stand far from there. */
    private static final Map<String, String> STRUCTURE = Map.of(
            "condition", "beside 'action'",
            "action", "beside 'condition'",
            "scopes", "to the api endpoint",
            "paths", "to the api endpoint",
            "pathRegex", "to the api endpoint",
            "hostRegex", "to the api endpoint",
            "apiEndpoints", "to the pipeline or to the top level",
            "policies", "to the pipeline or to the top level",
            "pipelines", "to the top level",
            "serviceEndpoints", "to the top level");

    private final Problems problems;
    private final BindOptions options;

    public UnknownKeys(Problems problems, BindOptions options) {
        this.problems = problems;
        this.options = options;
    }

    /**
     * Reports what is wrong with the keys of {@code mapping}.
     *
     * @param known keys that are read here
     * @param owner gives the key of the nested mapping that reads a key, or null
     * @param open whether keys that are no mistake are welcome
     */
    public void check(
            Node.Mapping mapping,
            Collection<String> known,
            Function<String, @Nullable String> owner,
            boolean open,
            String path,
            String what) {
        for (Node.Entry entry : mapping.entries()) {
            String key = entry.key();
            if (!known.contains(key) && !key.startsWith("x-")) {
                judge(entry, known, owner.apply(key), open, path, what);
            }
        }
    }

    private void judge(
            Node.Entry entry,
            Collection<String> known,
            @Nullable String owner,
            boolean open,
            String path,
            String what) {
        String key = entry.key();
        String near = Nearest.to(key, known);
        String elsewhere = owner != null ? "inside '" + owner + "'" : STRUCTURE.get(key);
        if (elsewhere != null && (owner != null || !open)) {
            mistake("E0206", entry, path, "'" + key + "' has no effect here", "move '" + key + "' " + elsewhere + ".");
        } else if (near != null) {
            mistake("E0204", entry, path, notAnOption(key, what), "did you mean '" + near + "'?");
        } else if (!open) {
            problems.warn("W0204", entry.keySpan(), path(path, key), notAnOption(key, what));
        }
    }

    private void mistake(String code, Node.Entry entry, String path, String message, String hint) {
        if (options.lenient()) {
            problems.warn("W" + code.substring(1), entry.keySpan(), path(path, entry.key()), message, hint);
        } else {
            problems.error(code, entry.keySpan(), path(path, entry.key()), message, hint);
        }
    }

    private static String notAnOption(String key, String what) {
        return "'" + key + "' is not an option of " + what;
    }

    private static String path(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
