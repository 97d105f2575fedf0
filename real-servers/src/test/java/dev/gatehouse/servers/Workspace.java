package dev.gatehouse.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Where these tests find the programs that they start and keep what those write; all below {@code target}. */
public final class Workspace {
    private static final Path TARGET =
            Path.of(System.getProperty("gatehouse.target", "target")).toAbsolutePath();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Workspace() {}

    public static Path target() {
        return TARGET;
    }

    /** The packaged gateway. */
    public static Path gatewayJar() {
        return existing("gatehouse.jar", "../cli/target/gateway.jar");
    }

    /** The unpacked distribution of Keycloak. */
    public static Path keycloak() {
        return existing("gatehouse.keycloak", "target/keycloak");
    }

    /** The packaged Spring Authorization Server, with its libraries in {@code lib} beside it. */
    public static Path springServerJar() {
        return existing("gatehouse.spring", "spring/target/spring-server.jar");
    }

    /** The Java that runs these tests. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A new, empty folder for one program; its name begins with the given one. */
    public static Path folder(String name) {
        try {
            Path runs = Files.createDirectories(TARGET.resolve("runs"));
            return Files.createTempDirectory(runs, "%02d-%s-".formatted(NUMBER.incrementAndGet(), name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a test resource into a folder, under its own name, and gives the copy. */
    public static Path copy(String resource, Path folder) {
        try (InputStream in = Workspace.class.getResourceAsStream("/" + resource)) {
            Files.createDirectories(folder);
            Path file = folder.resolve(Path.of(resource).getFileName());
            Files.copy(Objects.requireNonNull(in, resource), file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path existing(String property, String otherwise) {
        Path path = Path.of(System.getProperty(property, otherwise))
                .toAbsolutePath()
                .normalize();
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    path + " is missing; run ./mvnw -Preal-servers -pl real-servers -am verify");
        }
        return path;
    }
}
