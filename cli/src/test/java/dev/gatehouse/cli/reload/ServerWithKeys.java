package dev.gatehouse.cli.reload;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.gatehouse.tls.PemFixture;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authorization server over TLS that calls every token active and remembers who asked. */
final class ServerWithKeys implements AutoCloseable {
    private static final char[] NO_PASSWORD = new char[0];

    /** One question. */
    record Received(
            Map<String, List<String>> form,
            @Nullable String authorization,
            @Nullable String certificate) {}

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger granted = new AtomicInteger();
    private volatile @Nullable String valid;
    private volatile boolean wantsCertificates;

    private ServerWithKeys(HttpsServer server, SSLContext tls) {
        this.server = server;
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setNeedClientAuth(wantsCertificates);
                parameters.setSSLParameters(wanted);
            }
        });
        server.setExecutor(threads);
        server.createContext("/introspect", this::introspect);
        server.createContext("/token", this::grant);
        server.start();
    }

    /** @param ca whose certificates it accepts from clients */
    static ServerWithKeys start(PemFixture.Pair own, Path ca) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "own",
                own.bundle().getKeyPair().getPrivate(),
                NO_PASSWORD,
                own.bundle().getCertificatePath());
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, NO_PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(ca)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return new ServerWithKeys(
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), tls);
    }

    /** From now on nobody gets a connection without a certificate. */
    void wantsCertificates() {
        wantsCertificates = true;
    }

    /** The tokens that the gateway got for itself are worth nothing any more. */
    void forgetsTokens() {
        valid = "Bearer none";
    }

    String endpoint() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/introspect";
    }

    String tokenEndpoint() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /** Questions that were answered. */
    List<Received> received() {
        return received;
    }

    Received last() {
        return received.get(received.size() - 1);
    }

    int granted() {
        return granted.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void introspect(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        if (valid != null && !valid.equals(authorization)) {
            answer(exchange, 401, "{}");
            return;
        }
        received.add(new Received(
                new QueryStringDecoder(body, false).parameters(), authorization, certificate((HttpsExchange)
                        exchange)));
        answer(exchange, 200, "{\"active\":true}");
    }

    private void grant(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String token = "own-" + granted.incrementAndGet();
        valid = "Bearer " + token;
        answer(exchange, 200, "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
    }

    private static @Nullable String certificate(HttpsExchange exchange) {
        try {
            X509Certificate shown = (X509Certificate) exchange.getSSLSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
