package dev.gatehouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads files of {@code NAME=VALUE} lines, as container tools write them. */
final class EnvFile {
    /** A line that is none; its text is not shown, because it may hold a secret. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(Path file, int line) {
            super(file + ":" + line + ": not of the form NAME=VALUE");
        }
    }

    private EnvFile() {}

    /** The variables of {@code files}, a later file winning, overlaid with those of the process. */
    static Map<String, String> overlay(List<Path> files, Map<String, String> process, Path directory)
            throws IOException, Malformed {
        Map<String, String> all = new HashMap<>();
        for (Path file : files) {
            read(directory.resolve(file), all);
        }
        all.putAll(process);
        return all;
    }

    private static void read(Path file, Map<String, String> into) throws IOException, Malformed {
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            String pair = text.startsWith("export ") ? text.substring("export ".length()) : text;
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new Malformed(file, number);
            }
            into.put(pair.substring(0, equals).strip(), unquoted(pair.substring(equals + 1)));
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
