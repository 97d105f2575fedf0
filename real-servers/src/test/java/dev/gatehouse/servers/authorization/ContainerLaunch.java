package dev.gatehouse.servers.authorization;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** Runs a server as a container in the network of the host, so that its URLs are the same from both sides. */
final class ContainerLaunch implements Launch {
    /** Readable for whatever user the image has. */
    private static final int READABLE = 0755;

    private final GenericContainer<?> container;

    /**
     * Describes the container.
     *
     * @param files copied into it: path there to file or folder here
     */
    ContainerLaunch(String image, Map<String, Path> files, Map<String, String> environment, List<String> command) {
        container = new GenericContainer<>(DockerImageName.parse(image))
                .withNetworkMode("host")
                .withEnv(environment)
                .withCommand(command.toArray(String[]::new));
        files.forEach(
                (inside, file) -> container.withCopyFileToContainer(MountableFile.forHostPath(file, READABLE), inside));
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            // The same container once more: what it prepared at its first start is still there.
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
        }
    }

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
        if (isAlive()) {
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
