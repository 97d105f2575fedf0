package dev.gatehouse.config;

import dev.gatehouse.config.bind.Alias;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Name;
import dev.gatehouse.config.tls.HandshakeReader;
import dev.gatehouse.config.tls.HttpsOptions;
import dev.gatehouse.config.yaml.FilesBeside;
import dev.gatehouse.config.yaml.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code https}. Key files are named here and read where the listener is made. */
final class HttpsReader {
    private static final String OPTIONS = "https.options";

    private final Reading reading;
    private final FilesBeside files;

    /** {@code file} is the configuration file: relative names are looked for in the working directory, then beside it. */
    HttpsReader(Reading reading, Path file) {
        this.reading = reading;
        this.files = new FilesBeside(file);
    }

    /** A certificate as written. */
    record Written(
            @Doc("Name pattern.") @Name String pattern,
            @Doc("PEM file of the private key.") Path key,
            @Doc("PEM file of the certificate chain.") Path cert,

            @Doc("PEM files of authorities for client certificates.") @Default("[]")
            List<Path> ca) {}

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
        HttpsOptions options = options(section, mapping.get("options"));
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

    private HttpsConfig config(Section https, Map<String, Written> tls, HttpsOptions options) {
        List<HttpsConfig.Certificate> certificates = tls.values().stream()
                .map(written -> new HttpsConfig.Certificate(
                        written.pattern(),
                        files.named(written.key()),
                        files.named(written.cert()),
                        written.ca().stream().map(files::named).toList()))
                .toList();
        return new HttpsConfig(
                https.port(),
                https.hostname(),
                certificates,
                options.requestCert(),
                options.rejectUnauthorized(),
                new HandshakeReader(reading.problems(), OPTIONS).read(options));
    }

    private @Nullable HttpsOptions options(Node.Entry section, @Nullable Node node) {
        Node.Mapping written = node instanceof Node.Mapping mapping
                ? new HandshakeReader(reading.problems(), OPTIONS).known(mapping)
                : null;
        return reading.bind(written, section.keySpan(), OPTIONS, "'https.options'", HttpsOptions.class);
    }
}
