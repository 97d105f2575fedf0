package dev.gatehouse.config.tls;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns {@code https.options} into what handshakes may agree on; never less safe than without options. */
public final class HandshakeReader {
    /** What Node's TLS server takes besides, and what has no effect here. */
    private static final Set<String> NODE_ONLY = Set.of(
            "allowHalfOpen",
            "allowPartialTrustChain",
            "clientCertEngine",
            "dhparam",
            "enableTrace",
            "handshakeTimeout",
            "highWaterMark",
            "insecureHTTPParser",
            "keepAlive",
            "keepAliveInitialDelay",
            "maxHeaderSize",
            "noDelay",
            "pauseOnConnect",
            "pfx",
            "privateKeyEngine",
            "privateKeyIdentifier",
            "pskIdentityHint",
            "secureContext",
            "secureOptions",
            "secureProtocol",
            "sessionIdContext",
            "sessionTimeout",
            "sigalgs",
            "ticketKeys");

    private static final Set<String> OLD_VERSIONS = Set.of("SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1");
    private static final String HTTP_1_1 = "http/1.1";

    private final Problems problems;
    private final String path;

    /** @param path dotted path of the options */
    public HandshakeReader(Problems problems, String path) {
        this.problems = problems;
        this.path = path + ".";
    }

    /** The options that are read here; those that only Node has are reported and left out. */
    public Node.Mapping known(Node.Mapping written) {
        List<Node.Entry> known = new ArrayList<>();
        for (Node.Entry option : written.entries()) {
            String key = option.key();
            if (key.equals("crl")) {
                // Without the list, clients whose certificate was revoked would get in.
                problems.error(
                        "E0509",
                        option.keySpan(),
                        path + key,
                        "'crl' is not supported: clients with a revoked certificate would pass",
                        "remove 'crl', and let short-lived client certificates end by themselves.");
            } else if (NODE_ONLY.contains(key)) {
                problems.warn("W0502", option.keySpan(), path + key, "'" + key + "' has no effect here");
            } else {
                known.add(option);
            }
        }
        return new Node.Mapping(written.span(), known);
    }

    /** What the options mean; with problems that are errors it is the standard in their place. */
    public Handshake read(HttpsOptions options) {
        checkAlpn(options.alpnProtocols());
        List<String> suites = options.ciphers() == null
                ? Handshake.SUITES
                : CipherList.read(options.ciphers(), path + "ciphers", problems);
        List<String> versions = versions(options, suites);
        // As in Node, a list without a suite of TLS 1.3 leaves that version its own suites when it is the only one.
        boolean lacking = versions.equals(List.of(Handshake.TLS_1_3))
                && suites.stream().noneMatch(Handshake.SUITES_1_3::contains);
        List<String> curves = options.ecdhCurve() == null
                ? List.of()
                : CurveList.read(options.ecdhCurve(), path + "ecdhCurve", problems);
        return new Handshake(
                versions,
                lacking || suites.isEmpty() ? Handshake.SUITES : suites,
                options.honorCipherOrder(),
                curves,
                options.passphrase());
    }

    /** Between the two bounds; a version without any suite in the list is not offered, as in Node. */
    private List<String> versions(HttpsOptions options, List<String> suites) {
        boolean only13 = Handshake.TLS_1_3.equals(version(options.minVersion(), "minVersion"));
        boolean only12 = Handshake.TLS_1_2.equals(version(options.maxVersion(), "maxVersion"));
        if (only13 && only12 && options.maxVersion() != null) {
            problems.error(
                    "E0504",
                    options.maxVersion().span(),
                    path + "maxVersion",
                    "no TLS version is left between 'minVersion' and 'maxVersion'",
                    "write one version in both, or leave 'maxVersion' out.");
            return Handshake.VERSIONS;
        }
        if (only13) {
            return List.of(Handshake.TLS_1_3);
        }
        if (only12 || (!suites.isEmpty() && suites.stream().noneMatch(Handshake.SUITES_1_3::contains))) {
            return List.of(Handshake.TLS_1_2);
        }
        boolean no12 = !suites.isEmpty() && suites.stream().noneMatch(Handshake.SUITES_1_2::contains);
        return no12 ? List.of(Handshake.TLS_1_3) : Handshake.VERSIONS;
    }

    private @Nullable String version(@Nullable Located<String> written, String key) {
        if (written == null || Handshake.VERSIONS.contains(written.value())) {
            return written == null ? null : written.value();
        }
        if (OLD_VERSIONS.contains(written.value())) {
            problems.warn(
                    "W0507",
                    written.span(),
                    path + key,
                    "'" + written.value() + "' is too old: '" + key + "' is TLSv1.2",
                    "write TLSv1.2 or TLSv1.3.");
            return Handshake.TLS_1_2;
        }
        problems.error(
                "E0507",
                written.span(),
                path + key,
                "'" + path + key + "': there is no TLS version '" + written.value() + "'",
                "write TLSv1.2 or TLSv1.3.");
        return null;
    }

    private void checkAlpn(@Nullable List<Located<String>> protocols) {
        if (protocols == null) {
            return;
        }
        for (Located<String> protocol : protocols) {
            if (!protocol.value().equals(HTTP_1_1)) {
                problems.warn(
                        "W0509",
                        protocol.span(),
                        path + "ALPNProtocols",
                        "protocol '" + protocol.value() + "' is not offered",
                        "only http/1.1 is offered.");
            }
        }
    }
}
