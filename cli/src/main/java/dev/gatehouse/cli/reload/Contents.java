package dev.gatehouse.cli.reload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What some files hold at one moment, as digests. Links are followed, so a link that points elsewhere is another content
 * and a renamed file is not. Immutable.
 *
 * @param digests absolute path to digest; {@link #MISSING} for what cannot be read
 */
public record Contents(Map<Path, String> digests) {
    private static final String MISSING = "";
    // Far beyond what any reader of these files accepts.
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    public Contents {
        digests = Map.copyOf(digests);
    }

    /** Reads all files. */
    public static Contents of(Collection<Path> files) {
        Map<Path, String> digests = new HashMap<>();
        for (Path file : files) {
            digests.computeIfAbsent(file.toAbsolutePath(), Contents::digest);
        }
        return new Contents(digests);
    }

    /** The same files and others: what is known stays as it is, the others are read. */
    Contents over(Collection<Path> files) {
        Map<Path, String> digests = new HashMap<>();
        for (Path file : files) {
            Path path = file.toAbsolutePath();
            String known = this.digests.get(path);
            digests.put(path, known == null ? digest(path) : known);
        }
        return new Contents(digests);
    }

    boolean isMissing(Path file) {
        return MISSING.equals(digests.get(file.toAbsolutePath()));
    }

    /** The digest of one file, shortened for people. */
    String mark(Path file) {
        String digest = digests.getOrDefault(file.toAbsolutePath(), MISSING);
        return digest.substring(0, Math.min(12, digest.length()));
    }

    /** The files of which {@code earlier} knows another content, or none. */
    Set<Path> differences(Contents earlier) {
        return digests.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(earlier.digests.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static String digest(Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = Files.newInputStream(file)) {
                byte[] piece = new byte[16 * 1024];
                long left = MAX_BYTES;
                for (int n = in.read(piece); n >= 0 && left > 0; n = in.read(piece)) {
                    digest.update(piece, 0, n);
                    left -= n;
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException unreadable) {
            // Whoever needs the file reports it; here it is one more state that a file can be in.
            return MISSING;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
