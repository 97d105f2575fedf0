package dev.gatehouse.servers.authorization;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.servers.FreePort;
import dev.gatehouse.servers.Marks;
import dev.gatehouse.servers.NodeModules;
import dev.gatehouse.servers.Workspace;
import dev.gatehouse.tls.PemFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** node-oidc-provider: one issuer over http and one over https, in one process, with tokens kept in its memory. */
public final class NodeProvider extends LaunchedServer implements TlsAuthorizationServer {
    private static final String SCRIPT = "provider.mjs";
    private static final String IMAGE = "node:20-slim";

    private final URI tlsIssuer;
    private final Setup setup;

    private NodeProvider(Setup setup, Launch launch) {
        super(URI.create("http://127.0.0.1:" + setup.port), setup.marks, launch);
        this.setup = setup;
        tlsIssuer = URI.create("https://127.0.0.1:" + setup.tlsPort);
    }

    /** Installs the packages of npm unless an earlier run did, and starts it. */
    public static NodeProvider process(PemFixture certificates) {
        Path modules = NodeModules.install(SCRIPT);
        Path folder = Workspace.folder("node-oidc-provider");
        PemFixture.Pair own = certificates.issue("127.0.0.1");
        Setup setup = new Setup();
        Path settings = setup.write(folder, own.cert(), own.key(), certificates.ca());
        List<String> command = List.of("node", modules.resolve(SCRIPT).toString(), settings.toString());
        return new NodeProvider(setup, new ProgramLaunch("node-oidc-provider", folder, Map.of(), command));
    }

    /** Starts it in a container that has the packages copied in. */
    public static NodeProvider container(PemFixture certificates) {
        Path modules = NodeModules.install(SCRIPT);
        Path inside = Path.of("/provider");
        Path cert = inside.resolve("cert.pem");
        Path key = inside.resolve("key.pem");
        Path ca = inside.resolve("ca.pem");
        PemFixture.Pair own = certificates.issue("127.0.0.1");
        Setup setup = new Setup();
        Path settings = setup.write(Workspace.folder("node-container"), cert, key, ca);
        Map<String, Path> files = Map.of(
                inside.resolve("node_modules").toString(), modules.resolve("node_modules"),
                inside.resolve(SCRIPT).toString(), modules.resolve(SCRIPT),
                inside.resolve("settings.json").toString(), settings,
                cert.toString(), own.cert(),
                key.toString(), own.key(),
                ca.toString(), certificates.ca());
        List<String> command = List.of(
                "node",
                inside.resolve(SCRIPT) + "",
                inside.resolve("settings.json").toString());
        return new NodeProvider(setup, new ContainerLaunch(IMAGE, files, Map.of(), command));
    }

    @Override
    public URI tokenEndpoint() {
        return URI.create(issuer() + "/token");
    }

    @Override
    public URI introspectionEndpoint() {
        return URI.create(issuer() + "/token/introspection");
    }

    /** Introspection for callers that show an access token of their own, one of {@link #bearerGateway()}. */
    public URI bearerIntrospectionEndpoint() {
        return URI.create(issuer() + "/bearer/introspection");
    }

    @Override
    public URI revocationEndpoint() {
        return URI.create(issuer() + "/token/revocation");
    }

    @Override
    public TlsEndpoints tls() {
        return new TlsEndpoints(
                tlsIssuer, URI.create(tlsIssuer + "/token"), URI.create(tlsIssuer + "/token/introspection"));
    }

    @Override
    public ClientCredentials gateway() {
        return setup.client("gateway");
    }

    /** A gateway that gets signed answers (RFC 9701) when it asks for them. */
    public ClientCredentials signedGateway() {
        return setup.client("gateway-signed");
    }

    /** A gateway that gets access tokens of its own. */
    public ClientCredentials bearerGateway() {
        return setup.client("gateway-bearer");
    }

    /** The private key with which the client {@code gateway-key} signs its assertions. */
    public ECKey gatewayKey() {
        return setup.gatewayKey;
    }

    @Override
    public ClientCredentials app() {
        return setup.client("app");
    }

    @Override
    public ClientCredentials dpopApp() {
        return setup.client("app-dpop");
    }

    @Override
    public ClientCredentials certificateApp() {
        return setup.client("app-mtls");
    }

    /** What the script has to know; the same at each start. */
    private static final class Setup {
        private final int port = FreePort.next();
        private final int tlsPort = FreePort.next();
        private final Marks marks = new Marks();
        private final Map<String, String> secrets = new TreeMap<>();
        private final ECKey gatewayKey = key();

        private Setup() {
            for (String id : List.of("app", "app-dpop", "app-mtls", "gateway", "gateway-signed", "gateway-bearer")) {
                secrets.put(id, marks.add("marked-node-" + id + "-secret"));
            }
            marks.add(gatewayKey.getD().toString());
        }

        private ClientCredentials client(String id) {
            return new ClientCredentials(id, secrets.getOrDefault(id, ""));
        }

        private Path write(Path folder, Path cert, Path key, Path ca) {
            Map<String, Object> settings = Map.of(
                    "port", port,
                    "tlsPort", tlsPort,
                    "cert", cert.toString(),
                    "key", key.toString(),
                    "ca", ca.toString(),
                    "gatewayKey", gatewayKey.toPublicJWK().toJSONObject(),
                    "secrets", secrets);
            try {
                return Files.writeString(
                        folder.resolve("settings.json"), new JsonMapper().writeValueAsString(settings));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static ECKey key() {
            try {
                return new ECKeyGenerator(Curve.P_256).keyID("gateway-1").generate();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
