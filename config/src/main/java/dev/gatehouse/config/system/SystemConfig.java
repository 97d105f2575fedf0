package dev.gatehouse.config.system;

import dev.gatehouse.config.yaml.Node;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A system.config.yml. What cannot be read in a section that nothing needs is as if it were not written.
 *
 * @param file the file it was read from
 * @param redis {@code db.redis}; null = not written
 * @param session cookie sessions of authorisation pages, as written; null = not written
 * @param plugins in document order
 * @param cliUrl where the admin API is reached by commands; null = not written
 */
public record SystemConfig(
        Path file,
        @Nullable RedisConfig redis,
        CryptoConfig crypto,
        Node.@Nullable Mapping session,
        TokenConfig.Access accessTokens,
        TokenConfig.Refresh refreshTokens,
        TokenConfig.Codes authorizationCodes,
        List<PluginConfig> plugins,
        @Nullable URI cliUrl) {
    public SystemConfig {
        plugins = List.copyOf(plugins);
    }
}
