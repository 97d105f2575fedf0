package dev.gatehouse.servers.authorization;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * Runs a server as a container in the network of the host, so that its URLs are the same from both sides.
 *
 * @param files copied into the container: path there to file or folder here
 */
record ContainerLaunch(String image, Map<String, Path> files, Map<String, String> environment, List<String> command)
        implements Launch {
    /** Readable for whatever user the image has. */
    private static final int READABLE = 0755;

    @Override
    public Launched start() {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withNetworkMode("host")
                .withEnv(environment)
                .withCommand(command.toArray(String[]::new));
        files.forEach(
                (inside, file) -> container.withCopyFileToContainer(MountableFile.forHostPath(file, READABLE), inside));
        container.start();
        return new Launched() {
            @Override
            public boolean isAlive() {
                return container.isRunning();
            }

            @Override
            public String output() {
                return container.getLogs();
            }

            @Override
            public void kill() {
                container.stop();
            }
        };
    }
}
