package dev.gatehouse.cli.compat;

import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** The scripted servers that the cases of one gateway mention. */
final class Stubs implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("BACKEND", "BACKEND2", "BACKEND3", "BACKEND_TLS", "INTROSPECT", "INTROSPECT2");

    private final Map<String, StubServer> servers = new LinkedHashMap<>();
    private final Socket dead = new Socket();

    private Stubs() {}

    static Stubs start(List<CompatCase> cases, Placeholders placeholders, ExecutorService threads) throws Exception {
        Stubs stubs = new Stubs();
        for (String name : NAMES) {
            if (cases.stream().anyMatch(subject -> subject.mentions(name))) {
                StubServer server = new StubServer(name, name.endsWith("_TLS") ? selfSigned() : null, threads);
                stubs.servers.put(name, server);
                placeholders.server(name, server.url(), server.port());
            }
        }
        stubs.reserveDeadPort(placeholders);
        return stubs;
    }

    void play(CompatCase subject, Placeholders placeholders) {
        servers.forEach(
                (name, server) -> server.play(placeholders.fill(subject.stubs().path(name))));
    }

    void forgetRequests() {
        servers.values().forEach(StubServer::forgetRequests);
    }

    boolean areIdle() {
        return servers.values().stream().allMatch(StubServer::isIdle);
    }

    Map<String, List<Observation.Seen>> received(UnaryOperator<String> restore) {
        Map<String, List<Observation.Seen>> received = new LinkedHashMap<>();
        servers.forEach((name, server) -> received.put(
                name,
                server.requests().stream()
                        .map(request -> Observation.Seen.of(request, restore))
                        .toList()));
        return received;
    }

    @Override
    public void close() throws IOException {
        dead.close();
        servers.values().forEach(StubServer::close);
    }

    /** A bound socket that never listens refuses every connection, and nobody else can take its port. */
    private void reserveDeadPort(Placeholders placeholders) throws IOException {
        dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        placeholders.server("DEAD", "http://127.0.0.1:" + dead.getLocalPort(), dead.getLocalPort());
    }

    private static SSLContext selfSigned() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new CertificateBuilder()
                        .subject("CN=localhost")
                        .addSanIpAddress("127.0.0.1")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned()
                        .toKeyManagerFactory()
                        .getKeyManagers(),
                null,
                null);
        return context;
    }
}
