package dev.gatehouse.servers;

import dev.gatehouse.tls.PemFixture;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * Text of a gateway.config.yml that protects paths in different ways: pipeline {@code x} has the path {@code /x}.
 *
 * <p>Both listeners are on loopback at a free port; the one for https asks for client certificates and takes any.
 */
public final class GatewayConfig {
    private final URI backend;
    private final PemFixture certificates;
    private final Map<String, String> steps = new TreeMap<>();
    private String more = "";

    /**
     * Starts a configuration without pipelines.
     *
     * @param certificates issues the certificate of the https listener and of its clients
     */
    public GatewayConfig(URI backend, PemFixture certificates) {
        this.backend = backend;
        this.certificates = certificates;
    }

    /**
     * Adds a pipeline.
     *
     * @param options lines of YAML for the action of {@code oauth2-introspect}
     */
    public GatewayConfig protect(String name, String options) {
        steps.put(name, options);
        return this;
    }

    /** Adds sections of the file. */
    public GatewayConfig section(String text) {
        more += text;
        return this;
    }

    public String text() {
        PemFixture.Pair own = certificates.issue("127.0.0.1");
        StringBuilder endpoints = new StringBuilder();
        StringBuilder pipelines = new StringBuilder();
        steps.forEach((name, options) -> {
            endpoints.append("  %1$s: {paths: ['/%1$s', '/%1$s/*']}\n".formatted(name));
            pipelines.append("""
                      %s:
                        apiEndpoints: [%s]
                        policies:
                          - oauth2-introspect:
                              - action:
                    %s      - proxy: [{action: {serviceEndpoint: backend}}]
                    """.formatted(name, name, options.indent(14)));
        });
        return """
                http: {port: 0, hostname: 127.0.0.1}
                https:
                  port: 0
                  hostname: 127.0.0.1
                  tls:
                    default: {key: '%s', cert: '%s', ca: ['%s']}
                  options: {requestCert: true, rejectUnauthorized: false}
                log: {access: all}
                serviceEndpoints:
                  backend: {url: '%s'}
                policies: [oauth2-introspect, proxy]
                apiEndpoints:
                %spipelines:
                %s%s""".formatted(own.key(), own.cert(), certificates.ca(), backend, endpoints, pipelines, more);
    }
}
