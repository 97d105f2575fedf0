package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS towards the authorization server. */
public record TlsOptions(
        @Doc("PEM files of the authorities that are trusted; absent = those of the Java runtime.")
        @Default("[]")
        @OneOrMany
        List<Path> ca,

        @Doc("Accepts every certificate. For experiments only.") @Default("false")
        boolean insecureSkipVerify,

        @Doc("Name for SNI and verification; absent = the host of the endpoint.") @Nullable
        String serverName,

        @Doc("Oldest version of TLS: 1.2 or 1.3.") @Default("1.2")
        String minVersion) {
    public static final String TLS_1_2 = "1.2";
    public static final String TLS_1_3 = "1.3";

    public TlsOptions {
        Ranges.oneOf("minVersion", minVersion, TLS_1_2, TLS_1_3);
        ca = List.copyOf(ca);
    }
}
