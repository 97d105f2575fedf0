package dev.gatehouse.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files that hold secrets, named by {@code ${file:…}} or an option: small, read at every load, so that a rotated secret needs only a reload. */
public final class SecretFiles implements Substitution.Files {
    private static final int MAX_BYTES = 64 * 1024;

    private final Path directory;

    SecretFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public @Nullable String read(String name) {
        try {
            Path file = Path.of(name);
            return content(Files.isRegularFile(file) ? file : directory.resolve(name));
        } catch (InvalidPathException unreadable) {
            return null;
        }
    }

    /** The text of a file without its last line end, or null when it cannot be read or is larger than 64 KiB. */
    public static @Nullable String content(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? null : withoutLineEnd(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            // The caller reports it with the place of the reference; the reason may name more than the operator wrote.
            return null;
        }
    }

    private static String withoutLineEnd(String text) {
        String cut = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return cut.endsWith("\r") ? cut.substring(0, cut.length() - 1) : cut;
    }
}
