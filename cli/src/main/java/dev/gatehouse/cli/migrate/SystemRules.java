package dev.gatehouse.cli.migrate;

import dev.gatehouse.cli.migrate.Finding.Group;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is beside the gateway's file: database, keys, tokens, models. Only policies that know consumers need them. */
final class SystemRules {
    private static final Set<String> CONSUMERS = Set.of("basic-auth", "key-auth", "oauth2");
    private static final Map<String, String> SECTIONS = Map.of(
            "crypto", "used only for tokens and passwords of consumers",
            "session", "used only for the pages of oauth2",
            "accessTokens", "used only for tokens of oauth2",
            "refreshTokens", "used only for tokens of oauth2",
            "authorizationCodes", "used only for tokens of oauth2");

    private final boolean consumers;

    /** @param subject null = the gateway's file has gaps, so nothing is known to need them */
    SystemRules(@Nullable Subject subject) {
        consumers = subject != null && subject.uses(CONSUMERS);
    }

    /** Looks at the sections of system.config.yml. */
    void system(Node.Mapping root, Consumer<Finding> found) {
        for (Node.Entry section : root.entries()) {
            if (section.key().equals("db") && section.value() instanceof Node.Mapping databases) {
                databases.entries().stream()
                        .filter(database -> database.key().equals("redis"))
                        .forEach(redis -> found.accept(redis(redis.keySpan())));
            } else if (SECTIONS.containsKey(section.key()) && !consumers) {
                String use = SECTIONS.get(section.key());
                found.accept(Finding.of(Group.IGNORED, section.keySpan(), section.key(), use, ""));
            }
        }
    }

    /** Looks at the models, by the places of their files. */
    void models(List<Span> files, Consumer<Finding> found) {
        for (Span file : files) {
            found.accept(
                    consumers
                            ? Finding.of(Group.MISSING, file, "models", "users, apps and credentials are not read", "")
                            : Finding.of(Group.IGNORED, file, "models", "no pipeline knows consumers", ""));
        }
    }

    private Finding redis(Span place) {
        return consumers
                ? Finding.of(
                        Group.MISSING,
                        place,
                        "db.redis",
                        "the consumers in Redis are not read",
                        "keep these pipelines on Express Gateway")
                : Finding.of(
                        Group.IGNORED, place, "db.redis", "not needed for this file; used only for shared state", "");
    }
}
