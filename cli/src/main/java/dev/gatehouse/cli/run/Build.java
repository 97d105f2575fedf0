package dev.gatehouse.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param version of the product
 * @param commit short id, or {@code unknown} outside a repository
 * @param date of the build, as pinned for reproducible builds
 */
public record Build(String version, String commit, String date) {
    /** This build. */
    public static Build current() {
        Properties values = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                values.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Build(value(values, "version"), value(values, "commit"), value(values, "date"));
    }

    /** The Java that runs: {@code 17.0.15}. */
    public static String java() {
        return System.getProperty("java.version", "unknown");
    }

    private static String value(Properties values, String key) {
        String value = values.getProperty(key, "");
        // Maven leaves the reference as it stands when a build has no repository around it.
        return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
    }
}
