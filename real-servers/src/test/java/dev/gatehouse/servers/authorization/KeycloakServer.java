package dev.gatehouse.servers.authorization;

import dev.gatehouse.servers.FreePort;
import dev.gatehouse.servers.Marks;
import dev.gatehouse.servers.RunningProgram;
import dev.gatehouse.servers.Stamp;
import dev.gatehouse.servers.Workspace;
import dev.gatehouse.tls.PemFixture;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Keycloak with the realm {@code gatehouse}, from its published distribution or image, with an empty database in memory
 * at each start.
 */
public final class KeycloakServer extends LaunchedServer implements TlsAuthorizationServer {
    private static final String REALM = "keycloak/gatehouse-realm.json";
    private static final String IMAGE = "quay.io/keycloak/keycloak:26.7.3";
    /** A bounded heap; and it hardly lives long enough for the second compiler, which it starts faster without. */
    private static final Map<String, String> JVM =
            Map.of("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m", "JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
    /** Options that only count when the server is built; they are a third of the time of a start. */
    private static final List<String> BUILD = List.of("--db=dev-mem", "--cache=local", "--https-client-auth=request");

    private final URI tlsRealm;
    private final ClientCredentials gateway = client("gateway", "marked-keycloak-gateway-secret");
    private final ClientCredentials app = client("app", "marked-keycloak-app-secret");
    private final ClientCredentials foreignApp = client("app-of-others", "marked-keycloak-others-secret");
    private final ClientCredentials dpopApp = client("app-dpop", "marked-keycloak-dpop-secret");
    private final ClientCredentials certificateApp = client("app-mtls", "marked-keycloak-mtls-secret");

    private KeycloakServer(int port, int tlsPort, Launch launch) {
        super(URI.create("http://127.0.0.1:" + port + "/realms/gatehouse"), new Marks(), launch);
        tlsRealm = URI.create("https://127.0.0.1:" + tlsPort + "/realms/gatehouse");
    }

    /** Builds the distribution for these options unless an earlier run did, and starts it. */
    public static KeycloakServer process(PemFixture certificates) {
        Path home = Workspace.keycloak();
        Workspace.copy(REALM, home.resolve("data/import"));
        build(home);
        int port = FreePort.next();
        int tlsPort = FreePort.next();
        PemFixture.Pair own = certificates.issue("127.0.0.1");
        List<String> command = new ArrayList<>(List.of("bash", home.resolve("bin/kc.sh") + "", "start", "--optimized"));
        command.addAll(options(port, tlsPort, own.cert(), own.key(), certificates.ca()));
        return new KeycloakServer(
                port, tlsPort, new ProgramLaunch("keycloak", Workspace.folder("keycloak"), JVM, command));
    }

    /** Starts the published image, which builds itself at each start. */
    public static KeycloakServer container(PemFixture certificates) {
        int port = FreePort.next();
        int tlsPort = FreePort.next();
        PemFixture.Pair own = certificates.issue("127.0.0.1");
        Path inside = Path.of("/opt/keycloak/conf");
        Path cert = inside.resolve("cert.pem");
        Path key = inside.resolve("key.pem");
        Path ca = inside.resolve("ca.pem");
        Path realm = Workspace.copy(REALM, Workspace.folder("keycloak-container"));
        Map<String, Path> files = Map.of(
                "/opt/keycloak/data/import/gatehouse-realm.json",
                realm,
                cert.toString(),
                own.cert(),
                key.toString(),
                own.key(),
                ca.toString(),
                certificates.ca());
        List<String> command = new ArrayList<>(List.of("start"));
        command.addAll(BUILD);
        command.addAll(options(port, tlsPort, cert, key, ca));
        return new KeycloakServer(port, tlsPort, new ContainerLaunch(IMAGE, files, JVM, command));
    }

    private static void build(Path home) {
        Stamp built = new Stamp(home.resolve("built-with.txt"), String.join("\n", BUILD));
        if (built.isSet()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("bash", home.resolve("bin/kc.sh") + "", "build"));
        command.addAll(BUILD);
        try (RunningProgram build =
                RunningProgram.start("keycloak build", Workspace.folder("keycloak-build"), JVM, command)) {
            if (build.awaitExit(Duration.ofMinutes(3)) != 0) {
                throw new AssertionError("Keycloak cannot be built:\n" + build.output());
            }
        }
        built.set();
    }

    /** Listens on loopback only; one host name for both listeners, because Keycloak refuses tokens of another issuer. */
    private static List<String> options(int port, int tlsPort, Path cert, Path key, Path ca) {
        return List.of(
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--https-port=" + tlsPort,
                "--https-certificate-file=" + cert,
                "--https-certificate-key-file=" + key,
                "--truststore-paths=" + ca,
                "--hostname=http://127.0.0.1:" + port,
                "--import-realm");
    }

    @Override
    public URI tokenEndpoint() {
        return endpoint(issuer(), "token");
    }

    @Override
    public URI introspectionEndpoint() {
        return endpoint(issuer(), "token/introspect");
    }

    @Override
    public URI revocationEndpoint() {
        return endpoint(issuer(), "revoke");
    }

    @Override
    public TlsEndpoints tls() {
        return new TlsEndpoints(issuer(), endpoint(tlsRealm, "token"), endpoint(tlsRealm, "token/introspect"));
    }

    @Override
    public ClientCredentials gateway() {
        return gateway;
    }

    @Override
    public ClientCredentials app() {
        return app;
    }

    /** A client whose tokens do not name the gateway in {@code aud}. */
    public ClientCredentials foreignApp() {
        return foreignApp;
    }

    @Override
    public ClientCredentials dpopApp() {
        return dpopApp;
    }

    @Override
    public ClientCredentials certificateApp() {
        return certificateApp;
    }

    private ClientCredentials client(String id, String secret) {
        return new ClientCredentials(id, marks().add(secret));
    }

    private static URI endpoint(URI realm, String name) {
        return URI.create(realm + "/protocol/openid-connect/" + name);
    }
}
