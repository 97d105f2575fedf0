package dev.gatehouse.cli.run;

import dev.gatehouse.config.OpsConfig;
import java.util.Map;

/** Where the ops listener goes: the file, then GATEWAY_OPS_HOST and GATEWAY_OPS_PORT, which an image sets. */
final class OpsAddress {
    private OpsAddress() {}

    static OpsConfig of(OpsConfig written, Map<String, String> environment) {
        String host = environment.getOrDefault("GATEWAY_OPS_HOST", "");
        String port = environment.getOrDefault("GATEWAY_OPS_PORT", "");
        boolean numeric = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65535;
        return new OpsConfig(
                numeric ? Integer.parseInt(port) : written.port(),
                host.isEmpty() ? written.host() : host,
                numeric || written.asked());
    }
}
