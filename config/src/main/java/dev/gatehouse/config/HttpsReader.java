package dev.gatehouse.config;

import dev.gatehouse.config.bind.Alias;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Name;
import dev.gatehouse.config.yaml.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code https}. Key files are named here and read where the listener is made. */
final class HttpsReader {
    /** Options of Node's TLS server that people use and that have no effect here yet. */
    private static final Set<String> NOT_YET = Set.of(
            "minVersion", "maxVersion", "ciphers", "honorCipherOrder", "passphrase", "ecdhCurve", "ALPNProtocols");

    private final Reading reading;

    HttpsReader(Reading reading) {
        this.reading = reading;
    }

    /** A certificate as written. */
    record Written(
            @Doc("Name pattern.") @Name String pattern,
            @Doc("PEM file of the private key.") Path key,
            @Doc("PEM file of the certificate chain.") Path cert,

            @Doc("PEM files of authorities for client certificates.") @Default("[]")
            List<Path> ca) {}

    record Options(
            @Doc("Whether a client certificate is asked for.") @Default("false")
            boolean requestCert,

            @Doc("Whether an untrusted client certificate ends the handshake.") @Default("true")
            boolean rejectUnauthorized) {}

    record Section(
            @Doc("Port; 0 means any free one.") @Default("0")
            int port,

            @Doc("Address or name to bind; absent = all addresses.") @Alias("host") @Nullable
            String hostname,

            @Doc("Certificates by name pattern.") @Nullable Map<String, Written> tls,

            @Doc("Options of the TLS listener.") Node.@Nullable Mapping options) {
        Section {
            HttpConfig.checkPort(port);
        }
    }

    @Nullable
    HttpsConfig read(Node.@Nullable Entry section) {
        if (section == null) {
            return null;
        }
        Node.Mapping mapping = reading.mapping(section.value(), Reading.place(section), "https");
        if (mapping == null) {
            return null;
        }
        Section https = reading.bind(mapping, section.keySpan(), "https", "'https'", Section.class);
        Options options = options(section, mapping.get("options"));
        if (https == null || options == null) {
            return null;
        }
        return https.tls() == null || https.tls().isEmpty()
                ? withoutListener(section)
                : config(https, https.tls(), options);
    }

    private @Nullable HttpsConfig withoutListener(Node.Entry section) {
        reading.problems()
                .warn(
                        "W0501",
                        section.keySpan(),
                        "https.tls",
                        "there is no https listener, because 'https.tls' is missing",
                        "add 'tls' with at least 'default: {key: …, cert: …}'.");
        return null;
    }

    private static HttpsConfig config(Section https, Map<String, Written> tls, Options options) {
        List<HttpsConfig.Certificate> certificates = tls.values().stream()
                .map(written ->
                        new HttpsConfig.Certificate(written.pattern(), written.key(), written.cert(), written.ca()))
                .toList();
        return new HttpsConfig(
                https.port(), https.hostname(), certificates, options.requestCert(), options.rejectUnauthorized());
    }

    private @Nullable Options options(Node.Entry section, @Nullable Node node) {
        Node.Mapping written = node instanceof Node.Mapping mapping ? mapping : null;
        List<Node.Entry> read = new ArrayList<>();
        for (Node.Entry option : written == null ? List.<Node.Entry>of() : written.entries()) {
            if (NOT_YET.contains(option.key())) {
                reading.problems()
                        .warn(
                                "W0502",
                                option.keySpan(),
                                "https.options." + option.key(),
                                "'" + option.key() + "' has no effect in this version");
            } else {
                read.add(option);
            }
        }
        Node.Mapping rest = written == null ? null : new Node.Mapping(written.span(), read);
        return reading.bind(rest, section.keySpan(), "https.options", "'https.options'", Options.class);
    }
}
