package dev.gatehouse.servers.authorization;

import dev.gatehouse.servers.FreePort;
import dev.gatehouse.servers.Marks;
import dev.gatehouse.servers.Workspace;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The module {@code spring-server}: Spring Authorization Server with opaque tokens, all in its memory. */
public final class SpringAuthorizationServer extends LaunchedServer {
    private static final String IMAGE = "eclipse-temurin:17-jre";

    private final Setup setup;

    private SpringAuthorizationServer(Setup setup, Launch launch) {
        super(setup.url(""), setup.marks, launch);
        this.setup = setup;
    }

    public static SpringAuthorizationServer process() {
        Setup setup = new Setup();
        List<String> command = setup.command(Workspace.java(), Workspace.springServerJar());
        return new SpringAuthorizationServer(
                setup, new ProgramLaunch("spring-server", Workspace.folder("spring"), Map.of(), command));
    }

    /** Starts it in a container with nothing but Java. */
    public static SpringAuthorizationServer container() {
        Setup setup = new Setup();
        Path jar = Workspace.springServerJar();
        Path inside = Path.of("/server/spring-server.jar");
        Map<String, Path> files = Map.of(inside.toString(), jar, "/server/lib", jar.resolveSibling("lib"));
        return new SpringAuthorizationServer(
                setup, new ContainerLaunch(IMAGE, files, Map.of(), setup.command("java", inside)));
    }

    @Override
    public URI tokenEndpoint() {
        return setup.url("/oauth2/token");
    }

    @Override
    public URI introspectionEndpoint() {
        return setup.url("/oauth2/introspect");
    }

    @Override
    public URI revocationEndpoint() {
        return setup.url("/oauth2/revoke");
    }

    @Override
    public ClientCredentials gateway() {
        return setup.gateway;
    }

    @Override
    public ClientCredentials app() {
        return setup.app;
    }

    @Override
    public ClientCredentials dpopApp() {
        return setup.dpopApp;
    }

    /** What the server is told; the same at each start. */
    private static final class Setup {
        private final int port = FreePort.next();
        private final Marks marks = new Marks();
        private final ClientCredentials app = client("app");
        private final ClientCredentials dpopApp = client("app-dpop");
        private final ClientCredentials gateway = client("gateway");

        private URI url(String path) {
            return URI.create("http://127.0.0.1:" + port + path);
        }

        private List<String> command(String java, Path jar) {
            List<String> command = new ArrayList<>(List.of(java, "-Xmx256m", "-XX:TieredStopAtLevel=1"));
            command.addAll(List.of("-jar", jar.toString(), "--server.address=127.0.0.1", "--server.port=" + port));
            command.add("--spring.security.oauth2.authorizationserver.issuer=" + url(""));
            Stream.of(app, dpopApp, gateway)
                    .forEach(client -> command.add("--secret." + client.id() + "=" + client.secret()));
            return command;
        }

        private ClientCredentials client(String id) {
            return new ClientCredentials(id, marks.add("marked-spring-" + id + "-secret"));
        }
    }
}
