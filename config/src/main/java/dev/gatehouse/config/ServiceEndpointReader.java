package dev.gatehouse.config;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code serviceEndpoints}. */
final class ServiceEndpointReader {
    private static final Set<String> KEYS = Set.of("url", "urls", "proxyOptions");

    private final Reading reading;

    ServiceEndpointReader(Reading reading) {
        this.reading = reading;
    }

    List<ServiceEndpointConfig> read(Node.@Nullable Entry section) {
        List<ServiceEndpointConfig> services = new ArrayList<>();
        for (Node.Entry entry : reading.entries(section)) {
            ServiceEndpointConfig service = read(entry, "serviceEndpoints." + entry.key());
            if (service != null) {
                services.add(service);
            }
        }
        return services;
    }

    private @Nullable ServiceEndpointConfig read(Node.Entry entry, String path) {
        Node.Mapping mapping = reading.mapping(entry.value(), Reading.place(entry), path);
        if (mapping == null) {
            return null;
        }
        Set<String> proxyKeys = reading.options().optionsOf("proxy");
        reading.checkKeys(
                mapping,
                KEYS,
                key -> proxyKeys.contains(key) ? "proxyOptions" : null,
                path,
                "service endpoint '" + entry.key() + "'");
        List<URI> urls = urls(entry, mapping, path);
        Node.Entry options = Reading.entry(mapping, "proxyOptions");
        Node.Mapping proxyOptions = options == null || Reading.isNull(options.value())
                ? null
                : reading.mapping(options.value(), Reading.place(options), path + ".proxyOptions");
        return urls == null ? null : new ServiceEndpointConfig(entry.key(), urls, proxyOptions, entry.keySpan());
    }

    private @Nullable List<URI> urls(Node.Entry name, Node.Mapping mapping, String path) {
        Node.Entry url = Reading.entry(mapping, "url");
        Node.Entry urls = Reading.entry(mapping, "urls");
        if ((url == null) == (urls == null)) {
            String what = url == null ? "neither 'url' nor 'urls'" : "both 'url' and 'urls'";
            reading.problems()
                    .error(
                            "E0205",
                            urls == null ? name.keySpan() : urls.keySpan(),
                            path,
                            "service endpoint '" + name.key() + "' has " + what,
                            "write one of them.");
            return null;
        }
        return url == null ? many(mapping, name, path) : one(mapping, name, path);
    }

    private record One(@Doc("URL of the service.") Located<String> url) {}

    private record Many(
            @Doc("URLs, used in turn.") @OneOrMany List<Located<String>> urls) {}

    private @Nullable List<URI> one(Node.Mapping mapping, Node.Entry name, String path) {
        One one = reading.bind(only(mapping, "url"), name.keySpan(), path, "'" + path + "'", One.class);
        URI url = one == null ? null : uri(one.url(), path + ".url");
        return url == null ? null : List.of(url);
    }

    private @Nullable List<URI> many(Node.Mapping mapping, Node.Entry name, String path) {
        Many many = reading.bind(only(mapping, "urls"), name.keySpan(), path, "'" + path + "'", Many.class);
        if (many == null) {
            return null;
        }
        if (many.urls().isEmpty()) {
            Node.Entry urls = Reading.entry(mapping, "urls");
            Span place = urls == null ? name.keySpan() : urls.value().span();
            reading.problems().error("E0203", place, path + ".urls", "'" + path + ".urls' is empty", "add a URL.");
            return null;
        }
        List<URI> uris = new ArrayList<>();
        for (int i = 0; i < many.urls().size(); i++) {
            URI uri = uri(many.urls().get(i), path + ".urls[" + i + "]");
            if (uri != null) {
                uris.add(uri);
            }
        }
        return uris.isEmpty() ? null : uris;
    }

    private static Node.Mapping only(Node.Mapping mapping, String key) {
        return new Node.Mapping(
                mapping.span(),
                mapping.entries().stream()
                        .filter(entry -> entry.key().equals(key))
                        .toList());
    }

    private @Nullable URI uri(Located<String> written, String path) {
        String text = written.value();
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException notAUri) {
            // Reported below together with URLs that are well-formed but lead nowhere.
        }
        boolean bare = text.matches("[\\w.-]+(:\\d+)?(/\\S*)?");
        String[] hints = bare ? new String[] {"write http://" + text + "."} : new String[0];
        reading.problems()
                .error(
                        "E0203",
                        written.span(),
                        path,
                        "'" + path + "': expected a URL that starts with http:// or https://, found \"" + shown(text)
                                + "\"",
                        hints);
        return null;
    }

    private static String shown(String text) {
        // https://user:password@host
        return text.replaceAll("//[^/@]*@", "//***@");
    }
}
