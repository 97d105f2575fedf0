package dev.gatehouse.config.system;

import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.RecordBinder;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Document;
import dev.gatehouse.config.yaml.Fault;
import dev.gatehouse.config.yaml.FilesBeside;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.config.yaml.YamlReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the system.config.yml or .json beside a gateway's file, which need not be there. Never throws for what is in it.
 *
 * <p>Only pipelines that know consumers need what it says: {@link SystemProblems} decides what a mistake in it means.
 */
public final class SystemReader {
    private static final List<String> NAMES = List.of("system.config.yml", "system.config.json");
    /** Options of the Redis client of Express Gateway that change nothing of what is kept where. */
    private static final Set<String> CLIENT_OPTIONS = Set.of(
            "autoResendUnfulfilledCommands",
            "autoResubscribe",
            "connectTimeout",
            "connectionName",
            "dropBufferSupport",
            "enableOfflineQueue",
            "enableReadyCheck",
            "family",
            "keepAlive",
            "keyPrefix",
            "lazyConnect",
            "maxRetriesPerRequest",
            "noDelay",
            "path",
            "readOnly",
            "role",
            "sentinelPassword",
            "sentinelUsername",
            "showFriendlyErrorStack",
            "stringNumbers");

    private final RecordBinder binder;

    private SystemReader(Problems problems, Path file) {
        this.binder = new RecordBinder(problems, new BindOptions(false), new FilesBeside(file)::named);
    }

    /**
     * What came out.
     *
     * @param config null when there is no file, or none that is a mapping
     */
    public record Result(@Nullable SystemConfig config, SystemProblems problems) {}

    /** Reads the file beside {@code gatewayFile}. */
    public static Result read(Path gatewayFile, Map<String, String> environment) {
        Path file = new FilesBeside(gatewayFile).first(NAMES);
        return file == null ? new Result(null, new SystemProblems(List.of(), null, null)) : readFile(file, environment);
    }

    private static Result readFile(Path file, Map<String, String> environment) {
        Problems problems = new Problems();
        Document document = YamlReader.read(file, environment);
        document.faults().forEach(fault -> problems.add(problem(fault)));
        SystemConfig config = null;
        Span key = null;
        if (document.root() instanceof Node.Mapping root) {
            config = new SystemReader(problems, file).config(file, root);
            key = keyPlace(root);
        } else if (document.root() != null && !isNull(document.root())) {
            problems.error("E0111", document.root().span(), "", "the file is no mapping of sections");
        }
        return new Result(config, new SystemProblems(problems.all(), config, key));
    }

    private static Problem problem(Fault fault) {
        Severity severity = fault.warning() ? Severity.WARNING : Severity.ERROR;
        return new Problem(fault.code(), severity, fault.span(), fault.path(), fault.message(), fault.hints());
    }

    /** The sections. */
    record Sections(
            @Doc("Database.") @Nullable Database db,
            @Doc("Plugins.") Node.@Nullable Mapping plugins,
            @Doc("Keys and hashes.") Node.@Nullable Mapping crypto,
            @Doc("Cookie sessions.") Node.@Nullable Mapping session,
            @Doc("Access tokens.") Node.@Nullable Mapping accessTokens,
            @Doc("Refresh tokens.") Node.@Nullable Mapping refreshTokens,
            @Doc("Authorization codes.") Node.@Nullable Mapping authorizationCodes,
            @Doc("Commands.") @Nullable Cli cli) {}

    record Database(@Doc("Redis.") Node.@Nullable Mapping redis) {}

    record Cli(@Doc("Address of the admin API.") @Nullable URI url) {}

    private @Nullable SystemConfig config(Path file, Node.Mapping root) {
        Sections sections = binder.bind(root, root.span(), "", "system.config", Sections.class);
        if (sections == null) {
            sections = Objects.requireNonNull(
                    binder.bind(null, root.span(), "", "system.config", Sections.class), "empty sections");
            Node plugins = root.get("plugins");
            return make(file, root.span(), sections, plugins instanceof Node.Mapping mapping ? mapping : null);
        }
        return make(file, root.span(), sections, sections.plugins());
    }

    private SystemConfig make(Path file, Span span, Sections sections, Node.@Nullable Mapping plugins) {
        Node.Mapping redis = sections.db() == null ? null : sections.db().redis();
        return new SystemConfig(
                file,
                redis == null ? null : redis(redis),
                section(sections.crypto(), span, "crypto", CryptoConfig.class),
                sections.session(),
                section(sections.accessTokens(), span, "accessTokens", TokenConfig.Access.class),
                section(sections.refreshTokens(), span, "refreshTokens", TokenConfig.Refresh.class),
                section(sections.authorizationCodes(), span, "authorizationCodes", TokenConfig.Codes.class),
                plugins == null ? List.of() : plugins(plugins),
                sections.cli() == null ? null : sections.cli().url());
    }

    private @Nullable RedisConfig redis(Node.Mapping written) {
        List<Node.Entry> read = new ArrayList<>();
        for (Node.Entry option : written.entries()) {
            if (!CLIENT_OPTIONS.contains(option.key())) {
                read.add(option);
            }
        }
        Node.Mapping rest = new Node.Mapping(written.span(), read);
        return binder.bind(rest, written.span(), "db.redis", "'db.redis'", RedisConfig.class);
    }

    /** The section, or its defaults after a report. */
    private <C extends Record> C section(Node.@Nullable Mapping written, Span place, String path, Class<C> type) {
        C bound = written == null ? null : binder.bind(written, written.span(), path, "'" + path + "'", type);
        return bound != null
                ? bound
                : Objects.requireNonNull(binder.bind(null, place, path, "'" + path + "'", type), path);
    }

    private static List<PluginConfig> plugins(Node.Mapping written) {
        return written.entries().stream()
                .filter(entry -> !entry.key().startsWith("x-"))
                .map(entry -> new PluginConfig(entry.key(), entry.keySpan()))
                .toList();
    }

    private static Span keyPlace(Node.Mapping root) {
        Node.Entry crypto = entry(root, "crypto");
        if (crypto == null) {
            return new Span(root.span().source(), 1, 1, 1, 1);
        }
        Node.Entry key = crypto.value() instanceof Node.Mapping mapping ? entry(mapping, "cipherKey") : null;
        return key == null ? crypto.keySpan() : key.keySpan();
    }

    private static Node.@Nullable Entry entry(Node.Mapping mapping, String key) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    private static boolean isNull(Node node) {
        return node instanceof Node.Scalar scalar && scalar.value() == null;
    }
}
