package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real jar before a service and a {@link TokenServer}, with everything that it says. Its credential and all tokens
 * of the drills hold {@link #MARK}, which must not be found in any output.
 */
final class DrillFixture implements AutoCloseable {
    /** Part of every secret and token. */
    static final String MARK = "mArKeD";

    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");

    final TokenServer tokens;
    final GatewayJarFixture gateway;
    private final CountingService service;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What came back: status and head, in lower case. */
    record Answer(int status, String head) {}

    /** A client connection that sends one request after the other. */
    static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
        }

        Answer get(String token) throws IOException {
            socket.getOutputStream()
                    .write(("GET /a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder text = new StringBuilder();
            while (text.length() < 4 || !text.substring(text.length() - 4).equals("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("the connection ended after \"" + text + '"');
                }
                text.append((char) next);
            }
            String head = text.toString().toLowerCase(Locale.ROOT);
            Matcher length = Pattern.compile("content-length: *(\\d+)").matcher(head);
            in.skipNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
            return new Answer(Integer.parseInt(head.substring(9, 12)), head);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private DrillFixture(TokenServer tokens, CountingService service, GatewayJarFixture gateway) {
        this.tokens = tokens;
        this.service = service;
        this.gateway = gateway;
    }

    /** @param options of the policy, one line of YAML without braces */
    static DrillFixture start(Path directory, TokenServer tokens, String options, String logLevel) throws IOException {
        CountingService service = CountingService.open("text/plain", "ok");
        Files.writeString(directory.resolve("gateway.config.yml"), """
                http: {port: 0, hostname: 127.0.0.1}
                admin: {port: 0}
                limits: {maxRequestsPerConnection: 1000000}
                apiEndpoints: {a: {paths: [/a]}}
                serviceEndpoints: {backend: {url: 'http://127.0.0.1:%d'}}
                policies: [oauth2-introspect, proxy]
                pipelines:
                  main:
                    apiEndpoints: [a]
                    policies:
                      - oauth2-introspect:
                          - action:
                              endpoint: http://127.0.0.1:%d/introspect
                              authorization_value: Basic %s-secret
                              tokenSources: [header]
                              %s
                      - proxy: [{action: {serviceEndpoint: backend}}]
                """.formatted(
                        service.port(), tokens.port(), MARK, options.replace("; ", "\n" + " ".repeat(14))));
        GatewayJarFixture gateway =
                GatewayJarFixture.start(directory, Map.of("LOG_LEVEL", logLevel), "run", "--no-watch");
        gateway.port("http");
        return new DrillFixture(tokens, service, gateway);
    }

    /** The token with this number; the server calls it active. */
    static String good(int number) {
        return "good-" + MARK + "-" + number;
    }

    Connection connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port("http"));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        return new Connection(socket);
    }

    String metrics() throws IOException, InterruptedException {
        return get("ops", "/metrics");
    }

    String get(String listener, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port(listener) + path))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    /** The sum over all samples whose name and labels begin so and hold all {@code labels}. */
    long metric(String begin, String... labels) throws IOException, InterruptedException {
        return (long) metrics()
                .lines()
                .filter(line ->
                        line.startsWith(begin) && List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Bytes of objects in use; the histogram begins with a full collection. */
    long liveHeap() throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(gateway.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(histogram.getInputStream().readAllBytes(), UTF_8);
        Matcher total = TOTAL.matcher(text);
        if (!total.find()) {
            throw new AssertionError(text);
        }
        return Long.parseLong(total.group(1));
    }

    /** Everything that it said so far and what it tells when asked. */
    List<String> everythingSaid() throws IOException, InterruptedException {
        return List.of(gateway.everything(), metrics(), get("admin", "/introspection"), get("admin", "/status"));
    }

    /** Writes the figures of a drill to the output and to a file beside the jar. */
    static void report(String name, String figures) throws IOException {
        System.out.println(name + ": " + figures);
        Files.writeString(Path.of("target", name + ".txt"), figures + "\n");
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        service.close();
        tokens.close();
    }
}
