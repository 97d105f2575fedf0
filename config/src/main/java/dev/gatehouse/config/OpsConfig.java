package dev.gatehouse.config;

/**
 * The listener for health, readiness and metrics.
 *
 * @param port its port; 0 means any free one
 * @param host address or name to bind
 * @param asked whether the file names the port; a default port that is taken is no reason not to start
 */
public record OpsConfig(int port, String host, boolean asked) {
    public OpsConfig {
        HttpConfig.checkPort(port);
    }
}
