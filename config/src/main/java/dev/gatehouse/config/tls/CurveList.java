package dev.gatehouse.config.tls;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A list of groups for the key exchange as OpenSSL writes it. */
final class CurveList {
    private static final Map<String, String> NAMES = Map.of(
            "x25519", "x25519",
            "p-256", "secp256r1",
            "prime256v1", "secp256r1",
            "secp256r1", "secp256r1",
            "p-384", "secp384r1",
            "secp384r1", "secp384r1",
            "p-521", "secp521r1",
            "secp521r1", "secp521r1");
    private static final String HINT = "known: X25519, P-256, P-384, P-521, auto.";

    private CurveList() {}

    /** The groups by their Java names; empty for {@code auto}, and after a report that nothing is left. */
    static List<String> read(Located<String> written, String path, Problems problems) {
        List<String> curves = new ArrayList<>();
        for (String name : written.value().strip().split("[:,\\s]+", -1)) {
            String curve = NAMES.get(name.toLowerCase(Locale.ROOT));
            if (name.equalsIgnoreCase("auto")) {
                return List.of();
            }
            if (curve == null) {
                problems.warn("W0508", written.span(), path, "curve '" + name + "' is not offered", HINT);
            } else if (!curves.contains(curve)) {
                curves.add(curve);
            }
        }
        if (curves.isEmpty()) {
            problems.error("E0508", written.span(), path, "'" + path + "' leaves no curve", HINT);
        }
        return curves;
    }
}
