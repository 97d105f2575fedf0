package dev.gatehouse.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.admin.LocalServer;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Bound;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.transport.Transport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are bound to keys, through the real listeners: DPoP over http, client certificates over https. */
@Timeout(60)
final class BoundTokenIT {
    private static final String CONFIG = """
            http: {port: 0, hostname: 127.0.0.1}
            https:
              port: 0
              hostname: 127.0.0.1
              tls: {default: {key: '${KEY}', cert: '${CERT}', ca: ['${CA}']}}
              options: {requestCert: true, rejectUnauthorized: false}
            apiEndpoints: {api: {paths: '/echo/*'}}
            serviceEndpoints: {backend: {url: '${BACKEND}'}}
            policies: [oauth2-introspect, proxy]
            pipelines:
              all:
                apiEndpoints: [api]
                policies:
                  - oauth2-introspect:
                      - action:
                          endpoint: ${INTROSPECT}
                          authorization_value: Basic Z2F0ZXdheTpnYXRld2F5LXNlY3JldA==
                          tokenSources: [header]
                          claims: {audience: api}
                          senderConstraint:
                            dpop: {nonce: required}
                            mtls: {certificateHeader: Client-Cert, trustedProxies: ${PROXIES}}
                  - proxy: [{action: {serviceEndpoint: backend}}]
            """;

    @TempDir
    Path folder;

    private final Ports ports = new Ports(Transport.detect());
    private final Backend backend = Backend.open(ports, 0);
    private ECKey key;
    private PemFixture pem;
    private PemFixture.Pair owner;
    private LocalServer authorizationServer;
    private @Nullable Prepared prepared;
    private @Nullable AccessLog log;
    private String http = "";
    private String https = "";

    @BeforeEach
    void issueKeys() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).generate();
        pem = new PemFixture(folder);
        owner = pem.issue("alice");
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(owner.bundle().getCertificate().getEncoded());
        String dpop = "{\"active\":true,\"aud\":\"api\",\"cnf\":{\"jkt\":\"" + key.computeThumbprint() + "\"}}";
        String mtls = "{\"active\":true,\"aud\":\"api\",\"cnf\":{\"x5t#S256\":\"" + Base64URL.encode(hash) + "\"}}";
        authorizationServer = ports.open(0, call -> {
            boolean bound = new String(call.body(), UTF_8).contains("dpop-token");
            call.reply(200, "application/json", bound ? dpop : mtls);
        });
    }

    private void start(String proxies) throws Exception {
        PemFixture.Pair server = pem.issue("127.0.0.1");
        Path file = Files.writeString(folder.resolve("gateway.config.yml"), CONFIG);
        Prepared opened = Prepared.of(new Prepared.Source(
                file,
                Map.of(
                        "BACKEND", backend.url(),
                        "INTROSPECT",
                                "http://127.0.0.1:"
                                        + authorizationServer.address().getPort() + "/introspect",
                        "KEY", server.key().toString(),
                        "CERT", server.cert().toString(),
                        "CA", pem.ca().toString(),
                        "PROXIES", proxies),
                false,
                false,
                null));
        prepared = opened;
        Gateway gateway =
                requireNonNull(opened.gateway(), () -> opened.problems().all().toString());
        log = AccessLog.open(new AccessOptions(Access.OFF, false, true, true, ""), bytes -> {}, opened.meters());
        for (Bound bound : gateway.start(log)) {
            int port = bound.address().getPort();
            if (bound.protocol().equals("http")) {
                http = "http://127.0.0.1:" + port + "/echo/a";
            } else if (bound.protocol().equals("https")) {
                https = "https://127.0.0.1:" + port + "/echo/a";
            }
        }
    }

    @AfterEach
    void stop() {
        if (prepared != null) {
            prepared.close();
        }
        if (log != null) {
            log.close();
        }
        authorizationServer.close();
        backend.close();
    }

    private String proof(String url, @Nullable String nonce) throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK())
                .build();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("dpop-token".getBytes(UTF_8));
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .claim("htm", "GET")
                .claim("htu", url)
                .claim("iat", Instant.now().getEpochSecond())
                .claim("ath", Base64URL.encode(hash).toString())
                .claim("nonce", nonce)
                .build();
        SignedJWT proof = new SignedJWT(header, claims);
        proof.sign(new ECDSASigner(key));
        return proof.serialize();
    }

    private HttpClient client(PemFixture.@Nullable Pair certificate) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = certificate == null
                ? null
                : certificate.bundle().toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[] {owner.bundle().toTrustManager()}, null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpRequest get(String url, String... headers) {
        return HttpRequest.newBuilder(URI.create(url)).headers(headers).build();
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client(null).send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> dpop(String proof) throws Exception {
        return send(get(http, "authorization", "DPoP dpop-token", "dpop", proof));
    }

    @Test
    void passesWithProofAndNonceOnce() throws Exception {
        start("[192.0.2.1]");
        HttpResponse<String> challenge = dpop(proof(http, null));
        String nonce = challenge.headers().firstValue("dpop-nonce").orElseThrow();
        assertThat(challenge.statusCode()).isEqualTo(401);
        assertThat(challenge.headers().firstValue("www-authenticate").orElse(""))
                .startsWith("DPoP ")
                .contains("use_dpop_nonce");

        String proof = proof(http, nonce);
        HttpResponse<String> first = dpop(proof);
        HttpResponse<String> second = dpop(proof);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.body()).contains("DPoP dpop-token", proof);
        assertThat(second.statusCode()).isEqualTo(401);
        assertThat(second.headers().firstValue("www-authenticate").orElse("")).contains("invalid_dpop_proof");
        assertThat(backend.requests()).isEqualTo(1);
    }

    /** The signature is verified on other threads than the exchanges run on; all answers must find their way back. */
    @Test
    void passesExactlyOnceWhenAProofIsUsedManyTimesAtOnce() throws Exception {
        start("[192.0.2.1]");
        String nonce =
                dpop(proof(http, null)).headers().firstValue("dpop-nonce").orElseThrow();
        HttpRequest request = get(http, "authorization", "DPoP dpop-token", "dpop", proof(http, nonce));
        HttpClient client = client(null);

        List<CompletableFuture<Integer>> statuses = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode))
                .toList();

        assertThat(statuses.stream().map(CompletableFuture::join))
                .containsOnlyOnce(200)
                .containsOnly(200, 401);
        assertThat(backend.requests()).isEqualTo(1);
    }

    @Test
    void refusesWithoutProofAndUnderBearer() throws Exception {
        start("[192.0.2.1]");

        HttpResponse<String> plain = send(get(http, "authorization", "Bearer dpop-token"));
        HttpResponse<String> nothing = send(get(http, "accept", "*/*"));

        assertThat(send(get(http, "authorization", "DPoP dpop-token")).statusCode())
                .isEqualTo(401);
        assertThat(plain.statusCode()).isEqualTo(401);
        assertThat(nothing.headers().allValues("www-authenticate"))
                .satisfiesExactly(
                        bearer -> assertThat(bearer).startsWith("Bearer "),
                        other -> assertThat(other).startsWith("DPoP ").contains("algs="));
        assertThat(backend.requests()).isZero();
    }

    @Test
    void passesWithTheCertificateOfTheToken() throws Exception {
        start("[192.0.2.1]");
        HttpRequest request = get(https, "authorization", "Bearer mtls-token");

        HttpResponse<String> right = client(owner).send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(right.statusCode()).as(right.body()).isEqualTo(200);
        assertThat(client(pem.issue("mallory"))
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        assertThat(client(null)
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refusesTheFieldOfAProxyThatIsNotTrusted() throws Exception {
        start("[192.0.2.1]");

        assertThat(send(reported()).statusCode()).isEqualTo(401);
        assertThat(backend.requests()).isZero();
    }

    @Test
    void believesATrustedProxyAndKeepsTheFieldFromTheService() throws Exception {
        start("[127.0.0.0/8]");

        HttpResponse<String> response = send(reported());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body().toLowerCase(java.util.Locale.ROOT)).doesNotContain("client-cert", "client_cert");
    }

    private HttpRequest reported() throws Exception {
        byte[] der = owner.bundle().getCertificate().getEncoded();
        String value = ':' + Base64.getEncoder().encodeToString(der) + ':';
        return get(
                http,
                "authorization",
                "Bearer mtls-token",
                "Client-Cert",
                value,
                "client_cert",
                value,
                "Client-Cert-Chain",
                value);
    }
}
